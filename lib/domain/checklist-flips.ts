import type { Checklist, Gate } from './checklist';
import { shorten } from './gates/evidence';
import type { GateStatus, Verdict } from './vocabulary';

/** One gate, or the verdict, that changed between two checklists. */
export type Flip =
  | {
      kind: 'gate';
      id: string;
      title: string;
      from: GateStatus;
      to: GateStatus;
      /** What the gate says now. */
      finding: string;
      /** `evaluatedAt` of the checklist that first showed it. */
      at: string;
    }
  | { kind: 'verdict'; from: Verdict; to: Verdict; at: string };

/** What changed between two checklists: the verdict first, then gates in the order of the table. */
export function flipsBetween(before: Checklist, after: Checklist): Flip[] {
  const at = after.evaluatedAt;
  const earlier = new Map(before.gates.map((gate) => [gate.id, gate]));
  const gates = after.gates.flatMap((gate): Flip[] => {
    const from = earlier.get(gate.id)?.status;
    if (from === undefined || from === gate.status) return [];
    return [
      {
        kind: 'gate',
        id: gate.id,
        title: gate.title,
        from,
        to: gate.status,
        finding: shorten(gate.finding, 300),
        at,
      },
    ];
  });
  const verdict: Flip[] =
    before.verdict === after.verdict
      ? []
      : [{ kind: 'verdict', from: before.verdict, to: after.verdict, at }];
  return [...verdict, ...gates];
}

/** Enough for a rehearsal; older ones are dropped. */
const REMEMBERED_FLIPS = 200;

/** A history of flips, newest first, with those of one more checklist. The same array when nothing changed. */
export function rememberFlips(
  history: readonly Flip[],
  before: Checklist | null,
  after: Checklist,
): readonly Flip[] {
  // The first answers after a start are no change of the cluster.
  const flips =
    before === null ? [] : flipsBetween(before, after).filter((flip) => !isFirstAnswer(flip, before));
  return flips.length === 0 ? history : [...flips, ...history].slice(0, REMEMBERED_FLIPS);
}

function isFirstAnswer(flip: Flip, before: Checklist): boolean {
  if (flip.kind === 'verdict') return before.gates.every(isSyncing);
  return before.gates.some((gate) => gate.id === flip.id && isSyncing(gate));
}

function isSyncing(gate: Gate): boolean {
  return gate.status === 'unknown' && gate.reason === 'syncing';
}
