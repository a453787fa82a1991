import { baseModelOf } from '@/lib/domain/base-model';
import { capitalised } from '@/lib/domain/capitalised';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { type ChatParameters, toParameterWords } from '@/lib/domain/chat-parameters';
import { factsByPath, type LaneFact, type LaneFactId, type LaneFacts } from '@/lib/domain/lane-facts';
import type { Placement } from '@/lib/domain/placement';
import type { Arm, ChatPath, UsedPath } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';
import { joinWords } from '@/lib/format/words';
import { FACT_WORDS } from './lane-facts-model';
import { type RaceLoad, toRaceLoad } from './race-load';

export interface RacingLane {
  lane: LaneId;
  /** The conversation; its last turn is the one that races. */
  turns: readonly ChatTurn[];
  /** Chosen for the next question; `null` leaves it to the server. */
  path: ChatPath | null;
}

export interface RaceNote {
  /** What both lanes share. */
  equal: string;
  /** What they do not, and what is not known; `null` with one lane. */
  notEqual: string | null;
}

const PATH_WORDS: Record<UsedPath, string> = {
  gateway: 'Gateway',
  route: 'Route',
  service: 'Service',
  override: 'configured URL',
};

/** In the order of weight; the number of GPUs comes first, it is the question always asked. */
export const FACT_ORDER: readonly LaneFactId[] = [
  'gpus',
  'replicas',
  'model',
  'quantization',
  'context',
  'engine',
];

/** A lane with what is known of the way its latest question took, or its next one will. */
export interface Contestant {
  arm: Arm;
  turns: readonly ChatTurn[];
  latest: ChatTurn | null;
  way: UsedPath | null;
  facts: readonly LaneFact[];
  /** Nobody knows to which objects the way leads. */
  isConfigured: boolean;
}

/** A configured URL that is the address of the Route or the Gateway is that way. */
function toKnownWay(way: UsedPath | null, facts: LaneFacts | undefined): UsedPath | null {
  if (way !== 'override' || facts === undefined) return way;
  const url = facts.paths.find(({ path }) => path === 'override')?.url ?? null;
  const same = facts.paths.find((one) => one.path !== 'override' && url !== null && one.url === url);
  return same?.path ?? way;
}

export function toContestant({ lane, turns, path }: RacingLane, all: readonly LaneFacts[]): Contestant {
  const arm = armOfLane(lane);
  const latest = turns.at(-1) ?? null;
  const known = all.find((facts) => facts.arm === arm);
  const asked = latest === null ? path : latest.asked.path;
  const way = toKnownWay(latest?.start?.path ?? asked ?? known?.usedPath ?? null, known);
  const facts = known === undefined ? [] : factsByPath(known, way);
  return { arm, turns, latest, way, facts, isConfigured: facts === known?.configuredFacts };
}

function compareFacts(one: Contestant, other: Contestant): { unequal: string[]; unknown: string[] } {
  const unequal: string[] = [];
  const unknown: string[] = [];
  for (const id of FACT_ORDER) {
    const [x, y] = [one, other].map(({ facts }) => facts.find((fact) => fact.id === id)?.value ?? null);
    if (x == null || y == null || !isOneKind(id, x, y)) unknown.push(FACT_WORDS[id]);
    else if (isUnequal(id, x, y) && !isSaidByGpus(id, x, y, unequal)) {
      unequal.push(`${FACT_WORDS[id]} ${x} against ${y}`);
    }
  }
  return { unequal, unknown };
}

/** A model's name says its weights too; these have a place of their own, so that of names only the base model counts. */
function isUnequal(id: LaneFactId, x: string | number, y: string | number): boolean {
  return id === 'model' ? baseModelOf(String(x)) !== baseModelOf(String(y)) : x !== y;
}

/** An engine's image and another's release cannot be held against each other. */
function isOneKind(id: LaneFactId, x: string | number, y: string | number): boolean {
  return id !== 'engine' || String(x).includes('/') === String(y).includes('/');
}

/** One GPU per replica: the second number would repeat the first. */
function isSaidByGpus(id: LaneFactId, x: unknown, y: unknown, said: readonly string[]): boolean {
  return id === 'replicas' && said.includes(`${FACT_WORDS.gpus} ${String(x)} against ${String(y)}`);
}

/** Of what was said before, only what got an answer is sent along. */
function sentAlong(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  return turns.filter(({ text }) => text !== '');
}

/** What was said before this question: it is part of the prompt. */
function toBefore(
  one: readonly ChatTurn[],
  other: readonly ChatTurn[],
): { equal: string[]; unequal: string[] } {
  const [a, b] = [sentAlong(one), sentAlong(other)];
  if (a.length === 0 && b.length === 0) return { equal: [], unequal: [] };
  const isSame = a.length === b.length && a.every((turn, index) => turn.prompt === b[index]?.prompt);
  if (isSame) return { equal: ['same questions before, each lane with its own answers'], unequal: [] };
  const words =
    a.length === b.length
      ? 'other questions before'
      : `${a.length} against ${b.length} answered questions before`;
  return { equal: [], unequal: [`${words} (start a new conversation)`] };
}

/** A configured URL may lead to other engines than those that are scraped. */
function toLoad(one: Contestant, other: Contestant, placement: Placement | null): RaceLoad {
  if (placement === null || one.isConfigured || other.isConfigured) return { state: 'unknown' };
  return toRaceLoad([one.arm, other.arm], placement, one.latest?.start?.sentAt ?? null);
}

/** Nothing before both were sent; then only what was measured of both together. */
function startWords({ latest: a }: Contestant, { latest: b }: Contestant): string[] {
  if (a?.start == null || b?.start == null || a.retry !== null || b.retry !== null) return [];
  const { startSkewMs } = a.start;
  return startSkewMs !== null && b.start.startSkewMs !== null
    ? [`same start (${formatQuantityLine(startSkewMs, 'ms')} apart)`]
    : ['start not measured together'];
}

/** What one lane had before its answer and the other had not; one that the relay asked again answers another start as well. */
function startDifferences({ latest: a }: Contestant, { latest: b }: Contestant): string[] {
  const count = [a, b].filter((turn) => turn != null && turn.retry !== null).length;
  return [
    ...(a?.asked.isWarm === b?.asked.isWarm ? [] : ['only one lane warmed up']),
    ...(count === 0 ? [] : [count === 2 ? 'both lanes asked twice' : 'one lane asked twice']),
  ];
}

function wayWords({ way: a }: Contestant, { way: b }: Contestant): string[] {
  return a === null || b === null || a === b ? [] : [`${PATH_WORDS[a]} against ${PATH_WORDS[b]}`];
}

function sentenceOf(parts: readonly string[]): string {
  return capitalised(`${parts.join(', ')}.`);
}

function inNotEqual(unequal: readonly string[], unknown: readonly string[]): string {
  const words = unequal.length === 0 ? 'Nothing else known to differ.' : `Not equal: ${unequal.join(', ')}.`;
  return unknown.length === 0 ? words : `${words} Not known: ${joinWords(unknown)}.`;
}

/** The latest questions were not asked at one instant: whatever the answers show, it is no race. */
function notOneRace(one: Contestant, other: Contestant): RaceNote {
  const before = toBefore(one.turns, other.turns);
  return {
    equal: 'No race here: the latest questions of the lanes were not asked together.',
    notEqual: before.unequal.length === 0 ? null : `For the next: ${before.unequal.join(', ')}.`,
  };
}

/** What was equal in the race and what was not, in two sentences. */
export function toRaceNote(input: {
  lanes: readonly RacingLane[];
  parameters: ChatParameters;
  facts: readonly LaneFacts[];
  /** `null` also where the metrics in it are not up to date. */
  placement: Placement | null;
}): RaceNote {
  const [one, other] = input.lanes.map((lane) => toContestant(lane, input.facts));
  // A question keeps what it was asked with; the parameters on the screen are of the next one.
  const asked = one?.latest?.asked;
  const isSameWarmUp = other === undefined || asked?.isWarm === other.latest?.asked.isWarm;
  const words = toParameterWords(
    asked?.parameters ?? input.parameters,
    isSameWarmUp ? (asked?.isWarm ?? null) : 'differs',
  );
  if (one === undefined || other === undefined) {
    return { equal: `One lane: ${words.join(', ')}.`, notEqual: null };
  }
  if (one.latest?.asked.questionId !== other.latest?.asked.questionId) return notOneRace(one, other);
  const before = toBefore(one.turns.slice(0, -1), other.turns.slice(0, -1));
  const equal = ['same prompt', ...startWords(one, other), ...words, ...before.equal];
  if (one.arm === other.arm && one.isConfigured === other.isConfigured) {
    return ofOneService(one, other, equal, [...startDifferences(one, other), ...before.unequal]);
  }
  const { unequal, unknown } = compareFacts(one, other);
  const load = toLoad(one, other, input.placement);
  return {
    equal: sentenceOf([...equal, ...(load.state === 'equal' ? [load.words] : [])]),
    notEqual: inNotEqual(
      [
        ...startDifferences(one, other),
        ...before.unequal,
        ...unequal,
        ...wayWords(one, other),
        ...(load.state === 'unequal' ? [load.words] : []),
      ],
      [...unknown, ...(load.state === 'unknown' ? ['load'] : [])],
    ),
  };
}

/** Two lanes to one arm, by ways of which both or none lead to its objects. */
function ofOneService(
  one: Contestant,
  other: Contestant,
  equal: readonly string[],
  unequalBefore: readonly string[],
): RaceNote {
  const shared = `${sentenceOf(equal)} ${one.isConfigured ? 'Same address.' : 'Same service, same GPUs.'}`;
  const way = wayWords(one, other);
  if (unequalBefore.length > 0) {
    return { equal: shared, notEqual: `Not equal: ${[...way, ...unequalBefore].join(', ')}.` };
  }
  if (one.way !== null && one.way === other.way) {
    const verb = one.latest === null ? 'go' : 'went';
    return { equal: shared, notEqual: `Nothing differs: both lanes ${verb} by ${PATH_WORDS[one.way]}.` };
  }
  return { equal: shared, notEqual: `Only the way differs: ${way[0] ?? 'one path each'}.` };
}
