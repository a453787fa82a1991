import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { MODE_WORDS, type Sheet } from '@/components/ui/provenance-model';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Checklist, Gate } from '@/lib/domain/checklist';
import { countOf } from '@/lib/format/words';
import { type ChecklistView, toWord } from './checklist-model';

/** The verdict as the back row reads it: the word alone on one line, so that no half of it can be read for the whole. */
const VERDICTS: Record<ChecklistView['verdict'], { word: string; className: string }> = {
  go: { word: 'GO', className: 'text-pass text-[9rem] stage:text-[7.5rem]' },
  'not-yet': { word: 'NOT YET', className: 'text-warn' },
  'no-go': { word: 'NO GO', className: 'text-fail stage:text-[5.7rem]' },
  unknown: { word: 'UNKNOWN', className: 'text-unknown text-[4.6rem] stage:text-[3.45rem]' },
};

/** So many are told in full; the rest stands in the lists beside. On stage there is room for fewer. */
const MAX_TOLD = 3;
const MAX_TOLD_ON_STAGE = 2;

function countsSheet(checklist: Checklist): Sheet {
  return {
    title: 'Gates',
    lead: `${checklist.gates.length} gates, each with its own evidence: open one.`,
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[checklist.mode] },
          { kind: 'code', name: 'Request', value: 'GET /api/checklist' },
          { kind: 'time', name: 'Evaluated', value: checklist.evaluatedAt },
          {
            kind: 'text',
            name: 'Meaning',
            value:
              'NO GO when a required gate fails; NOT YET when a required gate is unknown or coming up; else GO. Gates that do not apply here are not counted.',
          },
        ],
      },
    ],
  };
}

function TellGate({
  gate,
  blocks,
  isDeskOnly,
  onOpen,
}: {
  gate: Gate;
  blocks: number;
  isDeskOnly: boolean;
  onOpen: (id: string) => void;
}): ReactNode {
  return (
    <li className={cn(isDeskOnly && 'stage:hidden')}>
      <button
        type="button"
        onClick={() => onOpen(gate.id)}
        className="group/gate flex w-full gap-3 text-left stage:gap-2"
      >
        <StateMark state={gate.status} className="mt-[0.12em]" />
        <span className="min-w-0">
          <span className="block font-semibold group-hover/gate:underline">
            <UntrustedText text={gate.title} />
            <span className="font-normal text-ink-soft"> · {toWord(gate)}</span>
          </span>
          <span className="line-clamp-4 text-dense text-ink-soft stage:group-data-[told=many]:line-clamp-3 stage:group-data-[told=two]:line-clamp-3">
            <UntrustedText text={gate.finding} />
          </span>
          {blocks > 0 && (
            <span className="block text-small text-ink-soft">
              {countOf(blocks, 'gate waits', 'gates wait')} behind it
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

/** The fewer are told, the more each may say. */
function toldWord(count: number): 'one' | 'two' | 'many' {
  if (count <= 1) return 'one';
  return count === 2 ? 'two' : 'many';
}

/** First sight of Ready: the verdict, the counts, and what stands in the way in full. */
export function VerdictPanel({
  view,
  checklist,
  lastHeardAt,
  onOpen,
}: {
  view: ChecklistView;
  checklist: Checklist;
  lastHeardAt: number;
  onOpen: (id: string) => void;
}): ReactNode {
  const { word, className } = VERDICTS[view.verdict];
  const isBlocked = view.blockers.length > 0;
  const told = isBlocked ? view.blockers : view.remarks.map((gate) => ({ gate, blocks: 0 }));
  const hidden = told.length - MAX_TOLD;
  const hiddenOnStage = told.length - MAX_TOLD_ON_STAGE;
  return (
    <section aria-label="Verdict" className="flex min-h-0 flex-col">
      <h1
        className={cn(
          'whitespace-nowrap font-black font-display text-verdict tracking-[-0.03em]',
          className,
          'leading-[0.86]',
        )}
        aria-live="polite"
      >
        {word}
      </h1>
      {view.was !== null && (
        <p className="mt-3 text-heading">
          was {VERDICTS[view.was].word}, <Age since={new Date(lastHeardAt).toISOString()} /> ago
        </p>
      )}
      <ProvenanceButton
        sheet={countsSheet(checklist)}
        className="mt-5 text-[1.35rem] leading-snug stage:mt-4 stage:text-[1.2rem]"
      >
        <span className="block">{view.summary.passes}</span>
        <span className="block">{view.summary.required}</span>
      </ProvenanceButton>
      {told.length > 0 && (
        <div className="mt-6 min-h-0 overflow-hidden border-rule border-t-(length:--stroke) pt-4 stage:mt-3 stage:pt-2.5">
          <h2 className="mb-3 font-text text-dense text-ink-soft stage:mb-2 stage:text-small">
            {isBlocked ? 'Stands in the way' : 'Worth knowing before you start'}
          </h2>
          <ul className="group flex flex-col gap-4 stage:gap-3" data-told={toldWord(told.length)}>
            {told.slice(0, MAX_TOLD).map(({ gate, blocks }, index) => (
              <TellGate
                key={gate.id}
                gate={gate}
                blocks={blocks}
                isDeskOnly={index >= MAX_TOLD_ON_STAGE}
                onOpen={onOpen}
              />
            ))}
          </ul>
          {hidden > 0 && (
            <p className="mt-3 text-dense text-ink-soft stage:hidden">and {hidden} more, in the lists</p>
          )}
          {hiddenOnStage > 0 && (
            <p className="mt-2 text-ink-soft text-small desk:hidden">
              and {hiddenOnStage} more, in the lists
            </p>
          )}
        </div>
      )}
    </section>
  );
}
