import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { cn } from '@/components/ui/cn';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Gate } from '@/lib/domain/checklist';
import { joinWords } from '@/lib/format/words';
import { type GateGroup, LAYER_TITLES, toFoldedGroup, toProofAt, toWord } from './checklist-model';

type Open = (id: string) => void;

/** How much room a row has on stage; at the desk all rows have what they need. */
type Room = 'wide' | 'roomy' | 'snug' | 'tight';

/**
 * The more rows need a word, the less each may say, so that all of them are seen without scrolling. What is left over goes to
 * the heaviest, which is the first.
 */
function toRooms(rows: number, folded: number): Room[] {
  const all = (room: Room): Room[] => Array.from({ length: rows }, () => room);
  if (rows * 2.9 + folded * 1.6 <= 6.4) return all('wide');
  if (rows * 2.2 + folded <= 6.4) return all('roomy');
  if (rows * 1.7 + folded > 7) return all('tight');
  return rows * 1.7 + folded <= 6.1 ? ['roomy', ...all('snug').slice(1)] : all('snug');
}

const FINDING: Record<Room, string> = {
  wide: 'stage:line-clamp-3 stage:text-small stage:leading-[1.25]',
  roomy: 'stage:line-clamp-2 stage:text-small stage:leading-[1.25]',
  snug: 'stage:line-clamp-1 stage:text-small stage:leading-[1.25]',
  tight: 'stage:ml-2 stage:inline stage:text-small',
};

function GateTitle({ gate, room }: { gate: Gate; room: Room }): ReactNode {
  return (
    <span className={cn('min-w-0', room === 'tight' && 'stage:truncate')}>
      <span className={cn(gate.status === 'not-applicable' ? 'text-ink-soft' : 'font-medium')}>
        <UntrustedText text={gate.title} max={60} />
      </span>
      <span className={cn('ml-2 text-ink-soft stage:ml-0', FINDING[room])}>
        <UntrustedText text={gate.finding} />
      </span>
    </span>
  );
}

/** One gate, one row: state in colour, shape and word; the finding; the age of its proof. */
function GateRow({ gate, room, onOpen }: { gate: Gate; room: Room; onOpen: Open }): ReactNode {
  const proofAt = toProofAt(gate);
  const mark = gate.status;
  const line = room === 'tight' ? 'inline' : 'inline stage:block';
  return (
    <li className="border-rule border-b-(length:--hair)">
      <button
        type="button"
        data-gate={gate.id}
        data-status={gate.status}
        onClick={() => onOpen(gate.id)}
        className="grid w-full grid-cols-[auto_1fr_auto] gap-x-2.5 py-1.5 text-left text-dense hover:bg-sunken stage:gap-x-2 stage:py-1"
      >
        <StateMark state={mark} className="mt-[0.12em]" />
        <GateTitle gate={gate} room={room} />
        <span
          className={cn('whitespace-nowrap text-right text-small', room === 'tight' && 'stage:mt-[0.2em]')}
        >
          <span className={cn(line, 'font-semibold', STATE_TEXT[mark])}>
            {toWord(gate)}
            {!gate.required && gate.status === 'fail' && (
              <span className={cn('font-normal', room === 'tight' && 'stage:hidden')}> · optional</span>
            )}
          </span>{' '}
          <span className={cn(line, 'ml-1.5 text-ink-soft')}>
            {gate.lastKnown === null
              ? proofAt !== null && <Age since={proofAt} />
              : `was ${gate.lastKnown.status}`}
          </span>
        </span>
      </button>
    </li>
  );
}

/** Gates of a group folded into their count and their names: what the stage needs of them. */
function FoldedRow({
  gates,
  word,
  isOneLine,
  onOpen,
}: {
  gates: Gate[];
  word: string;
  isOneLine: boolean;
  onOpen: Open;
}): ReactNode {
  const first = gates[0];
  if (first === undefined) return null;
  const names = gates.map((gate) => gate.title).join(' · ');
  return (
    <li className="border-rule border-b-(length:--hair)">
      <button
        type="button"
        data-gate={first.id}
        onClick={() => onOpen(first.id)}
        className="grid w-full grid-cols-[auto_1fr] gap-x-2 py-1 text-left text-dense hover:bg-sunken"
      >
        <StateMark state={first.status} className="mt-[0.12em]" />
        <span className={cn('min-w-0', isOneLine && 'truncate')}>
          <strong className="font-semibold tabular-nums">{gates.length}</strong> {word}
          <span
            className={cn(
              'text-ink-soft text-small',
              isOneLine ? 'ml-2' : 'mt-0.5 line-clamp-2 leading-[1.3]',
            )}
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
  titles,
  isFolded,
  onOpen,
}: {
  group: GateGroup;
  titles: ReadonlyMap<string, string>;
  isFolded: boolean;
  onOpen: Open;
}): ReactNode {
  const folded = toFoldedGroup(group, titles);
  const rows = isFolded ? folded.rows : group.gates;
  const lines = [
    ...(folded.more.length > 0 ? [{ gates: folded.more, word: 'more' }] : []),
    ...(folded.waiting.gates.length > 0
      ? [
          {
            gates: folded.waiting.gates,
            word: `${folded.waiting.gates.length === 1 ? 'waits' : 'wait'} for ${joinWords(folded.waiting.roots.map((root) => `“${root}”`))}`,
          },
        ]
      : []),
    ...(folded.passing.length > 0 ? [{ gates: folded.passing, word: 'pass' }] : []),
    ...(folded.absent.length > 0
      ? [{ gates: folded.absent, word: folded.absent.length === 1 ? 'does not apply' : 'do not apply' }]
      : []),
  ];
  const rooms = isFolded ? toRooms(rows.length, lines.length) : [];
  const isSpacious = rooms.every((room) => room === 'wide' || room === 'roomy');
  return (
    <section aria-label={LAYER_TITLES[group.layer]} className="flex min-h-0 min-w-0 flex-col">
      <div className="flex items-baseline justify-between border-ink border-b-(length:--stroke) pb-1.5 text-heading stage:pb-1">
        <h2 className="font-semibold">{LAYER_TITLES[group.layer]}</h2>
        <p className="text-ink-soft tabular-nums">
          <span aria-hidden="true">
            {group.passed}/{group.applicable}
          </span>
          <span className="sr-only">
            {group.passed} of {group.applicable} pass
          </span>
        </p>
      </div>
      <ul className="min-h-0 overflow-y-auto">
        {rows.map((gate, index) => (
          <GateRow key={gate.id} gate={gate} room={rooms[index] ?? 'roomy'} onOpen={onOpen} />
        ))}
        {isFolded &&
          lines.map(({ gates, word }) => (
            <FoldedRow
              key={word}
              gates={gates}
              word={word}
              isOneLine={!isSpacious || word !== 'pass'}
              onOpen={onOpen}
            />
          ))}
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
  const titles = new Map(groups.flatMap(({ gates }) => gates.map(({ id, title }) => [id, title] as const)));
  return (
    <div
      className="grid min-h-0 gap-x-10 gap-y-7 @min-[52rem]:grid-cols-2 stage:grid-cols-2 stage:grid-rows-2 stage:gap-x-7 stage:gap-y-3"
      data-gates=""
    >
      {groups.map((group) => (
        <GroupPanel key={group.layer} group={group} titles={titles} isFolded={isFolded} onOpen={onOpen} />
      ))}
    </div>
  );
}
