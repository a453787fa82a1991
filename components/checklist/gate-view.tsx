import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Gate, Lights } from '@/lib/domain/checklist';
import type { Light } from '@/lib/domain/vocabulary';
import { type GateGroup, LAYER_TITLES, toWord } from './checklist-model';
import { EvidenceList } from './evidence-list';

const OWNERS: Record<Gate['owner'], string> = {
  'cluster-admin': 'cluster admin',
  user: 'user of the namespace',
};

const LIGHT_ROWS: { key: keyof Lights; says: string }[] = [
  { key: 'claim', says: 'status says' },
  { key: 'pods', says: 'pods say' },
  { key: 'probe', says: 'a live request says' },
];

const LIGHT_WORDS: Record<Light, string> = {
  pass: 'yes',
  fail: 'no',
  unknown: 'not known',
  'not-applicable': 'does not apply',
};

/** Status is a claim, a probe is evidence: three lights side by side, agreeing or not. */
function ThreeLights({ lights }: { lights: Lights }): ReactNode {
  return (
    <ul aria-label="Three lights" className="flex flex-wrap gap-x-8 gap-y-1 stage:gap-x-5">
      {LIGHT_ROWS.map(({ key, says }) => (
        <li key={key} className="flex items-center gap-2">
          <StateMark state={lights[key]} />
          <span>
            <span className="text-ink-soft">{says} </span>
            <strong className="font-semibold">{LIGHT_WORDS[lights[key]]}</strong>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="mt-5 stage:mt-3">
      <h2 className="mb-1 font-text text-dense text-ink-soft stage:text-small">{title}</h2>
      {children}
    </section>
  );
}

function toRightText(right: NonNullable<Gate['missingRight']>): string {
  const resource = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
  return `${right.verb} ${resource} ${right.namespace === null ? 'in the whole cluster' : `in namespace ${right.namespace}`}`;
}

function GateDetail({
  gate,
  titleOf,
  onOpen,
}: {
  gate: Gate;
  titleOf: (id: string) => string;
  onOpen: (id: string) => void;
}): ReactNode {
  const mark = gate.status;
  const isLong = gate.finding.length > 90;
  return (
    <article aria-labelledby="gate-finding" className="min-w-0">
      <p className="flex items-center gap-2 text-dense stage:text-small">
        <StateMark state={mark} />
        <strong className={cn('font-semibold', STATE_TEXT[mark])}>{toWord(gate)}</strong>
        <span className="text-ink-soft">
          <UntrustedText text={gate.title} /> · {gate.required ? 'required' : 'optional'}
        </span>
      </p>
      <h1
        id="gate-finding"
        className={cn('mt-1 font-bold text-title', { 'text-[1.4rem] stage:text-[1.3rem]': isLong })}
      >
        <UntrustedText text={gate.finding} max={400} />
      </h1>
      <p className="mt-3 text-[1.1rem] text-ink-soft leading-snug stage:mt-2 stage:text-dense">
        <UntrustedText text={gate.why} max={600} />
      </p>
      {gate.lastKnown !== null && (
        <p className="mt-2 text-dense">
          Last known: <strong className="font-semibold">{gate.lastKnown.status}</strong>,{' '}
          <Age since={gate.lastKnown.at} suffix=" ago" />
        </p>
      )}
      {gate.blockedBy !== null && (
        <p className="mt-2 text-dense">
          Waits for{' '}
          <button
            type="button"
            className="font-semibold underline decoration-line underline-offset-4"
            onClick={() => gate.blockedBy !== null && onOpen(gate.blockedBy)}
          >
            <UntrustedText text={titleOf(gate.blockedBy)} />
          </button>
        </p>
      )}
      {gate.missingRight !== null && (
        <p className="mt-2 text-dense">
          Missing right: <code className="font-mono">{toRightText(gate.missingRight)}</code>
        </p>
      )}
      {gate.lights !== null && (
        <div className="mt-4 text-dense stage:mt-3">
          <ThreeLights lights={gate.lights} />
        </div>
      )}
      {gate.evidence.length > 0 && (
        <Part title="Evidence">
          <EvidenceList evidence={gate.evidence} />
        </Part>
      )}
      {gate.command !== '' && (
        <Part title="See it yourself">
          <div className="flex items-center justify-between gap-4 rounded-[0.375rem] border-(length:--stroke) border-line bg-surface px-4 py-2 stage:px-3 stage:py-1.5">
            <code className="min-w-0 whitespace-pre-wrap break-words font-mono text-dense stage:text-[0.78rem]">
              <bdi>{gate.command}</bdi>
            </code>
            <CopyButton text={gate.command} label="c copies" answersKey />
          </div>
        </Part>
      )}
      <div className="mt-5 grid gap-x-10 border-rule border-t-(length:--stroke) @min-[50rem]:grid-cols-2 stage:mt-3 stage:grid-cols-2">
        <Part title={`Remedy · ${OWNERS[gate.owner]}`}>
          <p>
            <UntrustedText text={gate.remedy} max={800} />
          </p>
        </Part>
        <Part title="Asked for by">
          {gate.document === null ? (
            <p className="text-ink-soft">This demo only; no official document asks for it.</p>
          ) : (
            <p>
              <UntrustedText text={gate.document.title} />
              <span className="block break-all text-small text-ink-soft">
                <bdi>{gate.document.url}</bdi>
              </span>
            </p>
          )}
        </Part>
      </div>
    </article>
  );
}

/** One gate opened: its group at the left, everything about it at the right. */
export function GateView({
  gate,
  group,
  titleOf,
  onOpen,
  onClose,
}: {
  gate: Gate;
  group: GateGroup;
  /** Of another gate, which this one waits for. */
  titleOf: (id: string) => string;
  onOpen: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  return (
    <div className="grid min-h-0 grow gap-x-12 gap-y-6 @min-[52rem]:grid-cols-[20rem_1fr] stage:grid-cols-[13.5rem_1fr] stage:gap-x-7">
      <nav aria-label={LAYER_TITLES[group.layer]} className="flex min-h-0 flex-col">
        <h2 className="mb-1 flex items-baseline justify-between font-semibold text-heading">
          {LAYER_TITLES[group.layer]}
        </h2>
        <ul className="min-h-0 grow overflow-y-auto p-1 text-dense">
          {group.gates.map((one) => (
            <li key={one.id} className="border-rule border-b-(length:--hair) last:border-b-0">
              <button
                type="button"
                data-gate={one.id}
                aria-current={one.id === gate.id ? 'true' : undefined}
                onClick={() => onOpen(one.id)}
                className="-mx-1 flex w-[calc(100%+0.5rem)] items-start gap-2.5 rounded-[0.375rem] border-(length:--stroke) border-transparent px-2 py-1.5 text-left aria-[current]:border-ink aria-[current]:bg-surface stage:py-1"
              >
                <StateMark state={one.status} className="mt-[0.12em]" />
                <span className="min-w-0">
                  <UntrustedText text={one.title} max={80} />
                </span>
              </button>
            </li>
          ))}
        </ul>
        <button
          type="button"
          onClick={onClose}
          className="mt-2 self-start text-left text-small text-ink-soft underline decoration-line underline-offset-4"
        >
          Up and Down move · Esc back to the verdict
        </button>
      </nav>
      <ScrollRegion key={gate.id} label="Gate" className="min-h-0 overflow-y-auto pr-2 pb-2">
        <GateDetail gate={gate} titleOf={titleOf} onOpen={onOpen} />
      </ScrollRegion>
    </div>
  );
}
