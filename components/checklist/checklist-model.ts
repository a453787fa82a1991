import type { Live } from '@/lib/client/use-live';
import type { Checklist, Gate } from '@/lib/domain/checklist';
import {
  GATE_LAYERS,
  type GateLayer,
  type GateReason,
  type UnixMs,
  type Verdict,
} from '@/lib/domain/vocabulary';
import { countOf, joinWords } from '@/lib/format/words';

/** Without a proof of life for this long a gate is unknown (design §2.5). */
export const PROOF_OF_LIFE_MS = 20_000;

export const LAYER_TITLES: Record<GateLayer, string> = {
  infrastructure: 'Infrastructure',
  platform: 'Platform',
  application: 'Application',
  observability: 'Governance & observability',
};

export interface GateGroup {
  layer: GateLayer;
  gates: Gate[];
  passed: number;
  /** Gates that apply here; the others are not counted. */
  applicable: number;
}

/** A gate in the way, with the gates that wait behind it. */
export interface Blocker {
  gate: Gate;
  blocks: number;
}

export interface ChecklistView {
  verdict: Verdict | 'unknown';
  /** What the verdict last was, while nothing is known. */
  was: Verdict | null;
  summary: { passes: string; required: string };
  blockers: Blocker[];
  /** Gates that do not pass and are not in the way. */
  remarks: Gate[];
  groups: GateGroup[];
}

/** While the dashboard is silent for too long, what gates said is what they last were. */
function ageGates(gates: readonly Gate[], lastHeardAt: UnixMs): Gate[] {
  const at = new Date(lastHeardAt).toISOString();
  return gates.map((gate) =>
    gate.status === 'unknown' || gate.status === 'not-applicable'
      ? gate
      : {
          ...gate,
          status: 'unknown',
          reason: 'unreachable',
          progressing: false,
          lastKnown: { status: gate.status, at },
        },
  );
}

/** Follows `blockedBy` to the gate that is not blocked itself; stops at a missing gate and in a circle. */
function toRoot(gate: Gate, byId: ReadonlyMap<string, Gate>): Gate {
  const seen = new Set<string>();
  let current = gate;
  while (current.reason === 'blocked' && current.blockedBy !== null && !seen.has(current.id)) {
    seen.add(current.id);
    const cause = byId.get(current.blockedBy);
    if (cause === undefined) break;
    current = cause;
  }
  return current;
}

function standsInTheWay(gate: Gate): boolean {
  return gate.required && (gate.status === 'fail' || gate.status === 'unknown' || gate.progressing);
}

const WAY_ORDER: Record<Gate['status'], number> = {
  fail: 0,
  unknown: 1,
  warn: 2,
  pass: 3,
  'not-applicable': 4,
};

/** Severity first, then what the demo needs, then causes before what waits for them; otherwise the order of the table. */
export function byWeight(one: Gate, other: Gate): number {
  return (
    WAY_ORDER[one.status] - WAY_ORDER[other.status] ||
    Number(other.required) - Number(one.required) ||
    Number(one.reason === 'blocked') - Number(other.reason === 'blocked')
  );
}

/** What is not in the way and still should be known before the start, heaviest first. */
function toRemarks(gates: readonly Gate[]): Gate[] {
  return gates
    .filter((gate) => gate.status !== 'pass' && gate.status !== 'not-applicable' && gate.reason !== 'blocked')
    .filter((gate) => !standsInTheWay(gate))
    .sort(byWeight);
}

export function toBlockers(gates: readonly Gate[]): Blocker[] {
  const byId = new Map(gates.map((gate) => [gate.id, gate]));
  const blockers = new Map<string, Blocker>();
  for (const gate of gates) {
    if (!standsInTheWay(gate)) continue;
    const root = toRoot(gate, byId);
    const blocker = blockers.get(root.id) ?? { gate: root, blocks: 0 };
    blockers.set(root.id, { gate: root, blocks: blocker.blocks + (root.id === gate.id ? 0 : 1) });
  }
  return [...blockers.values()].sort((one, other) => byWeight(one.gate, other.gate));
}

/** A group as the stage shows it: what needs a word, what waits for a cause told elsewhere, and what is only counted. */
export interface FoldedGroup {
  rows: Gate[];
  /** So many that they are named in one line. */
  more: Gate[];
  /** Gates that wait for causes told elsewhere, with the titles of these. */
  waiting: { roots: string[]; gates: Gate[] };
  passing: Gate[];
  absent: Gate[];
}

/** Lines of a group's panel on stage, after its heading: a row takes one to three of them. */
const STAGE_LINES = 6;

export function toFoldedGroup(group: GateGroup, titles: ReadonlyMap<string, string>): FoldedGroup {
  const isWaiting = (gate: Gate): boolean => gate.reason === 'blocked' && gate.blockedBy !== null;
  const passing = group.gates.filter((gate) => gate.status === 'pass');
  const absent = group.gates.filter((gate) => gate.status === 'not-applicable');
  const blocked = group.gates.filter(isWaiting);
  const roots = [...new Set(blocked.map((gate) => gate.blockedBy ?? gate.id))];
  const waiting = { roots: roots.map((root) => titles.get(root) ?? root), gates: blocked };
  const heavy = group.gates
    .filter((gate) => !passing.includes(gate) && !absent.includes(gate) && !isWaiting(gate))
    .sort(byWeight);
  const folded = [blocked, passing, absent].filter((gates) => gates.length > 0).length;
  const room = Math.max(1, STAGE_LINES - folded);
  const rows = heavy.length > room ? heavy.slice(0, room - 1) : heavy;
  return { rows, more: heavy.slice(rows.length), waiting, passing, absent };
}

export function toGroups(gates: readonly Gate[]): GateGroup[] {
  return GATE_LAYERS.map((layer) => {
    const own = gates.filter((gate) => gate.layer === layer);
    return {
      layer,
      gates: own,
      passed: own.filter((gate) => gate.status === 'pass').length,
      applicable: own.filter((gate) => gate.status !== 'not-applicable').length,
    };
  }).filter((group) => group.gates.length > 0);
}

function toSummary(gates: readonly Gate[]): ChecklistView['summary'] {
  const applicable = gates.filter((gate) => gate.status !== 'not-applicable');
  const passed = applicable.filter((gate) => gate.status === 'pass').length;
  const required = applicable.filter((gate) => gate.required);
  const failing = required.filter((gate) => gate.status === 'fail').length;
  const open = required.filter((gate) => gate.status === 'unknown').length;
  const rising = required.filter(
    (gate) => gate.progressing && gate.status !== 'fail' && gate.status !== 'unknown',
  ).length;
  const parts = [
    ...(failing > 0 ? [`${countOf(failing, 'required gate')} ${failing === 1 ? 'fails' : 'fail'}`] : []),
    ...(open > 0
      ? [
          `${countOf(open, failing > 0 ? 'more' : 'required gate', failing > 0 ? 'more' : 'required gates')} could not be proved`,
        ]
      : []),
    ...(rising > 0 ? [`${rising} ${rising === 1 ? 'is' : 'are'} coming up`] : []),
  ];
  return {
    passes: `${passed} of ${applicable.length} gates pass.`,
    required: parts.length === 0 ? 'Nothing required is missing.' : `${joinWords(parts)}.`,
  };
}

/** Whether the dashboard has been silent for so long that no gate can still be called proved. */
export function isOutOfProof(live: Live<Checklist>, nowMs: UnixMs): boolean {
  return live.state === 'reconnecting' && nowMs - live.lastHeardAt > PROOF_OF_LIFE_MS;
}

/** What the screen shows: the verdict of the server, or none when nothing can be called proved any more. */
export function toChecklistView(
  live: Exclude<Live<Checklist>, { state: 'loading' }>,
  isOut: boolean,
): ChecklistView {
  const { value, lastHeardAt } = live;
  const gates = isOut ? ageGates(value.gates, lastHeardAt) : value.gates;
  return {
    verdict: isOut ? 'unknown' : value.verdict,
    was: isOut ? value.verdict : null,
    summary: toSummary(gates),
    blockers: isOut ? [] : toBlockers(gates),
    remarks: isOut ? [] : toRemarks(gates),
    groups: toGroups(gates),
  };
}

const REASON_WORDS: Record<GateReason, string> = {
  forbidden: 'no right to look',
  unreachable: 'unreachable',
  'not-configured': 'not configured',
  syncing: 'syncing',
  blocked: 'blocked',
  'not-installed': 'not installed',
  'not-created': 'not created',
};

/** The state in words, as short as a row allows. */
export function toWord(gate: Gate): string {
  if (gate.status === 'not-applicable') return 'does not apply';
  if (gate.progressing) return 'coming up';
  const reason = gate.reason === null ? null : REASON_WORDS[gate.reason];
  switch (gate.status) {
    case 'pass':
      return 'pass';
    case 'warn':
      return 'warn';
    case 'fail':
      return reason ?? 'fail';
    case 'unknown':
      return reason ?? 'unknown';
    default:
      return gate.status satisfies never;
  }
}

/** Latest proof among the evidence; `null` when nothing was seen. */
export function toProofAt(gate: Gate): string | null {
  const times = gate.evidence
    .map((evidence) => evidence.observedAt)
    .filter((time) => !Number.isNaN(Date.parse(time)));
  return times.sort((one, other) => Date.parse(other) - Date.parse(one))[0] ?? null;
}

/** The gate after or before the selected one in the order of the screen; the ends hold. */
export function neighbourGate(
  groups: readonly GateGroup[],
  selected: string | null,
  direction: 'up' | 'down',
): string | null {
  const ids = groups.flatMap((group) => group.gates.map((gate) => gate.id));
  const index = selected === null ? -1 : ids.indexOf(selected);
  if (index === -1) return (direction === 'down' ? ids[0] : ids.at(-1)) ?? null;
  return ids[index + (direction === 'down' ? 1 : -1)] ?? selected;
}
