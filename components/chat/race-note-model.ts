import { countArmGpus } from '@/lib/domain/arm-gpus';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { type ChatParameters, toParameterWords } from '@/lib/domain/chat-parameters';
import type { LaneFact, LaneFactId, LaneFacts } from '@/lib/domain/lane-facts';
import type { Placement } from '@/lib/domain/placement';
import type { Arm, UsedPath } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';
import { joinWords } from '@/lib/format/words';

export interface RacingLane {
  lane: LaneId;
  /** The conversation; its last turn is the one that races. */
  turns: readonly ChatTurn[];
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

const FACT_WORDS: Record<LaneFactId, string> = {
  model: 'model',
  quantization: 'weights',
  context: 'context',
  replicas: 'replicas',
  gpus: 'GPUs',
  engine: 'engine',
};

/** In the order of weight; the number of GPUs comes first, it is the question always asked. */
const FACT_ORDER: readonly LaneFactId[] = ['gpus', 'replicas', 'model', 'quantization', 'context', 'engine'];

function factOf(facts: LaneFacts | undefined, id: LaneFactId): LaneFact['value'] {
  return facts?.facts.find((fact) => fact.id === id)?.value ?? null;
}

function gpusOf(facts: LaneFacts | undefined, placement: Placement | null, arm: Arm): LaneFact['value'] {
  return factOf(facts, 'gpus') ?? (placement === null ? null : countArmGpus(placement, arm));
}

function compareFacts(
  [one, other]: readonly [Arm, Arm],
  facts: readonly LaneFacts[],
  placement: Placement | null,
): { unequal: string[]; unknown: string[] } {
  const unequal: string[] = [];
  const unknown: string[] = [];
  const [a, b] = [one, other].map((arm) => facts.find((lane) => lane.arm === arm));
  for (const id of FACT_ORDER) {
    const value = (lane: LaneFacts | undefined, arm: Arm): LaneFact['value'] =>
      id === 'gpus' ? gpusOf(lane, placement, arm) : factOf(lane, id);
    const [x, y] = [value(a, one), value(b, other)];
    if (x === null || y === null) unknown.push(FACT_WORDS[id]);
    // The model's own name says its weights; both lines together would say it twice.
    else if (x !== y && id !== 'model' && !isSaidByGpus(id, x, y, unequal)) {
      unequal.push(`${FACT_WORDS[id]} ${x} against ${y}`);
    }
  }
  return { unequal, unknown };
}

/** One GPU per replica: the second number would repeat the first. */
function isSaidByGpus(id: LaneFactId, x: unknown, y: unknown, said: readonly string[]): boolean {
  return id === 'replicas' && said.includes(`${FACT_WORDS.gpus} ${String(x)} against ${String(y)}`);
}

/** What was said before this question: it is part of the prompt. */
function toBefore(one: RacingLane, other: RacingLane): { equal: string | null; unequal: string[] } {
  const [a, b] = [one, other].map(({ turns }) => turns.slice(0, -1));
  if (a === undefined || b === undefined || (a.length === 0 && b.length === 0)) {
    return { equal: null, unequal: [] };
  }
  const isSame = a.length === b.length && a.every((turn, index) => turn.prompt === b[index]?.prompt);
  return isSame
    ? { equal: 'same questions before, each lane with its own answers', unequal: [] }
    : {
        equal: null,
        unequal: [`${a.length} against ${b.length} questions before (start a new conversation)`],
      };
}

/** Requests each arm's engines run now, from their metrics; `null` where one is not known. */
function toLoad(
  arms: readonly [Arm, Arm],
  placement: Placement | null,
): { isEqual: boolean; words: string } | null {
  if (placement === null || arms[0] === arms[1]) return null;
  const [one, other] = arms.map((arm) => {
    const pods = placement.pods.filter((pod) => pod.arm === arm).map(({ name }) => name);
    const running = placement.activity
      .filter(({ pod }) => pods.includes(pod))
      .map((engine) => engine.running);
    return running.length === 0 || running.includes(null)
      ? null
      : running.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  });
  if (one === null || one === undefined || other === null || other === undefined) return null;
  return one === other
    ? { isEqual: true, words: `${one} running in each now` }
    : { isEqual: false, words: `${one} against ${other} requests running now` };
}

function latest({ turns }: RacingLane): ChatTurn | null {
  return turns.at(-1) ?? null;
}

/** Nothing before both were sent; then only what was measured of both together. */
function startWords(one: RacingLane, other: RacingLane): string[] {
  const [a, b] = [latest(one), latest(other)];
  if (a?.start == null || b?.start == null) return [];
  const isOneQuestion = a.asked.questionId === b.asked.questionId;
  const { startSkewMs } = a.start;
  return isOneQuestion && startSkewMs !== null && b.start.startSkewMs !== null
    ? [`same start (${formatQuantityLine(startSkewMs, 'ms')} apart)`]
    : ['start not measured together'];
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What was equal in the race and what was not, in two sentences. */
export function toRaceNote(input: {
  lanes: readonly RacingLane[];
  parameters: ChatParameters;
  facts: readonly LaneFacts[];
  placement: Placement | null;
}): RaceNote {
  const { lanes, facts, placement } = input;
  // A question keeps what it was asked with; the parameters on the screen are of the next one.
  const [a, b] = lanes;
  const parameters = (a === undefined ? null : latest(a))?.asked.parameters ?? input.parameters;
  const words = toParameterWords(parameters);
  if (a === undefined || b === undefined) return { equal: `One lane: ${words.join(', ')}.`, notEqual: null };
  const before = toBefore(a, b);
  const equal = capitalised(
    `${['same prompt', ...startWords(a, b), ...words, ...(before.equal === null ? [] : [before.equal])].join(', ')}.`,
  );
  const arms = [armOfLane(a.lane), armOfLane(b.lane)] as const;
  const paths = [a, b].map((lane) => latest(lane)?.start?.path ?? null);
  const [pathA = null, pathB = null] = paths;
  const path =
    pathA === null || pathB === null || pathA === pathB
      ? []
      : [`${PATH_WORDS[pathA]} against ${PATH_WORDS[pathB]}`];
  if (arms[0] === arms[1]) {
    const shared = `${equal} Same service, same GPUs.`;
    const differences = [...path, ...before.unequal];
    if (pathA !== null && pathA === pathB && before.unequal.length === 0) {
      return { equal: shared, notEqual: `Nothing differs: both lanes went by ${PATH_WORDS[pathA]}.` };
    }
    return before.unequal.length === 0
      ? { equal: shared, notEqual: `Only the way differs: ${path[0] ?? 'one path each'}.` }
      : { equal: shared, notEqual: `Not equal: ${differences.join(', ')}.` };
  }
  const { unequal, unknown } = compareFacts(arms, facts, placement);
  const load = toLoad(arms, placement);
  const all = [
    ...before.unequal,
    ...unequal,
    ...path,
    ...(load === null || load.isEqual ? [] : [load.words]),
  ];
  const notKnown = unknown.length === 0 ? '' : ` Not known: ${joinWords(unknown)}.`;
  return {
    equal: load?.isEqual === true ? `${equal.slice(0, -1)}, ${load.words}.` : equal,
    notEqual: `${all.length === 0 ? 'Nothing else known to differ.' : `Not equal: ${all.join(', ')}.`}${notKnown}`,
  };
}
