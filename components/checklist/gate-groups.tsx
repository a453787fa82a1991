import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { cn } from '@/components/ui/cn';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Gate } from '@/lib/domain/checklist';
import { type GateGroup, LAYER_TITLES, toMark, toProofAt, toWord } from './checklist-model';

type Open = (id: string) => void;

/** Rows that need a word; beyond so many on stage, findings shrink to one line so that all of them are seen. */
const ROOMY_ROWS = 3;

/** One gate, one row: state in colour, shape and word; the finding; the age of its proof. */
function GateRow({ gate, isTight, onOpen }: { gate: Gate; isTight: boolean; onOpen: Open }): ReactNode {
  const proofAt = toProofAt(gate);
  const mark = toMark(gate);
  return (
    <li className="border-rule border-b">
      <button
        type="button"
        data-gate={gate.id}
        data-status={gate.status}
        onClick={() => onOpen(gate.id)}
        className="grid w-full grid-cols-[auto_1fr_auto] gap-x-2.5 py-1.5 text-left text-dense hover:bg-sunken stage:gap-x-2 stage:py-1"
      >
        <StateMark state={mark} className="mt-[0.12em]" />
        <span className="min-w-0">
          <span className={cn(gate.status === 'not-applicable' ? 'text-ink-soft' : 'font-medium')}>
            <UntrustedText text={gate.title} max={60} />
          </span>
          <span
            className={cn(
              'ml-2 text-ink-soft stage:ml-0 stage:text-small stage:leading-[1.25]',
              isTight ? 'stage:line-clamp-1' : 'stage:line-clamp-2',
            )}
          >
            <UntrustedText text={gate.finding} />
          </span>
        </span>
        <span className="whitespace-nowrap text-right text-small">
          <span className={cn('block font-semibold', STATE_TEXT[mark])}>
            {toWord(gate)}
            {!gate.required && gate.status === 'fail' && <span className="font-normal"> · optional</span>}
          </span>
          <span className="block text-ink-soft">
            {gate.lastKnown === null
              ? proofAt !== null && <Age since={proofAt} />
              : `was ${gate.lastKnown.status}`}
          </span>
        </span>
      </button>
    </li>
  );
}

/** Passing gates of a group folded into their count and their names: what the stage needs of them. */
function FoldedRow({
  gates,
  word,
  isTight,
  onOpen,
}: {
  gates: Gate[];
  word: string;
  isTight: boolean;
  onOpen: Open;
}): ReactNode {
  const first = gates[0];
  if (first === undefined) return null;
  const names = gates.map((gate) => gate.title).join(' · ');
  return (
    <li className="border-rule border-b">
      <button
        type="button"
        data-gate={first.id}
        onClick={() => onOpen(first.id)}
        className="grid w-full grid-cols-[auto_1fr] gap-x-2 py-1 text-left text-dense hover:bg-sunken"
      >
        <StateMark state={toMark(first)} className="mt-[0.12em]" />
        <span className={cn('min-w-0', isTight && 'truncate')}>
          <strong className="font-semibold tabular-nums">{gates.length}</strong> {word}
          <span
            className={cn('text-ink-soft text-small', isTight ? 'ml-2' : 'mt-0.5 line-clamp-3 leading-[1.3]')}
            title={names}
          >
            {names}
          </span>
        </span>
      </button>
    </li>
  );
}

function GroupPanel({
  group,
  isFolded,
  onOpen,
}: {
  group: GateGroup;
  isFolded: boolean;
  onOpen: Open;
}): ReactNode {
  const passing = group.gates.filter((gate) => gate.status === 'pass');
  const absent = group.gates.filter((gate) => gate.status === 'not-applicable');
  const rows = isFolded
    ? group.gates.filter((gate) => !passing.includes(gate) && !absent.includes(gate))
    : group.gates;
  const isTight = rows.length > ROOMY_ROWS;
  return (
    <section aria-label={LAYER_TITLES[group.layer]} className="flex min-h-0 min-w-0 flex-col">
      <h2 className="flex items-baseline justify-between border-ink border-b-2 pb-1.5 font-semibold text-heading stage:pb-1">
        {LAYER_TITLES[group.layer]}
        <span className="font-normal font-text text-ink-soft tabular-nums">
          <span aria-hidden="true">
            {group.passed}/{group.applicable}
          </span>
          <span className="sr-only">
            {group.passed} of {group.applicable} pass
          </span>
        </span>
      </h2>
      <ul className="min-h-0 overflow-y-auto">
        {rows.map((gate) => (
          <GateRow key={gate.id} gate={gate} isTight={isTight} onOpen={onOpen} />
        ))}
        {isFolded && <FoldedRow gates={passing} word="pass" isTight={isTight} onOpen={onOpen} />}
        {isFolded && (
          <FoldedRow
            gates={absent}
            isTight={isTight}
            word={absent.length === 1 ? 'does not apply' : 'do not apply'}
            onOpen={onOpen}
          />
        )}
      </ul>
    </section>
  );
}

/** The four groups. On stage passing gates fold into counts, so that every gate that needs a word has room for it. */
export function GateGroups({
  groups,
  isFolded,
  onOpen,
}: {
  groups: GateGroup[];
  isFolded: boolean;
  onOpen: Open;
}): ReactNode {
  return (
    <div
      className="grid min-h-0 gap-x-10 gap-y-7 @min-[52rem]:grid-cols-2 stage:grid-cols-2 stage:grid-rows-2 stage:gap-x-7 stage:gap-y-4"
      data-gates=""
    >
      {groups.map((group) => (
        <GroupPanel key={group.layer} group={group} isFolded={isFolded} onOpen={onOpen} />
      ))}
    </div>
  );
}
