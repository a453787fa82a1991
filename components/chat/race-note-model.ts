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
  /** The latest turn; `null` before the first question. */
  turn: ChatTurn | null;
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
    else if (x !== y && id !== 'model') unequal.push(`${FACT_WORDS[id]} ${x} against ${y}`);
  }
  return { unequal, unknown };
}

/** Requests each arm's engines run now, from their metrics; `null` where one is not known. */
function loadWords(arms: readonly [Arm, Arm], placement: Placement | null): string | null {
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
  return `load now ${one} against ${other} requests`;
}

function startWords(lanes: readonly RacingLane[]): string {
  const skewMs = lanes.map(({ turn }) => turn?.start?.startSkewMs ?? null).find((skew) => skew !== null);
  return skewMs === undefined ? 'same start' : `same start (${formatQuantityLine(skewMs ?? 0, 'ms')} apart)`;
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
  const parameters = lanes[0]?.turn?.asked.parameters ?? input.parameters;
  const words = toParameterWords(parameters);
  const [a, b] = lanes;
  if (a === undefined || b === undefined) return { equal: `One lane: ${words.join(', ')}.`, notEqual: null };
  const equal = capitalised(`${['same prompt', startWords(lanes), ...words].join(', ')}.`);
  const arms = [armOfLane(a.lane), armOfLane(b.lane)] as const;
  const paths = [a, b].map(({ turn }) => turn?.start?.path ?? null);
  const [pathA = null, pathB = null] = paths;
  const path =
    pathA === null || pathB === null || pathA === pathB
      ? []
      : [`path ${PATH_WORDS[pathA]} against ${PATH_WORDS[pathB]}`];
  if (arms[0] === arms[1]) {
    const way =
      pathA !== null && pathA === pathB
        ? `Nothing differs: both lanes went by ${PATH_WORDS[pathA]}.`
        : `Only the way differs: ${path[0] ?? 'one path each'}.`;
    return { equal: `${equal} Same service, same GPUs.`, notEqual: way };
  }
  const { unequal, unknown } = compareFacts(arms, facts, placement);
  const load = loadWords(arms, placement);
  const all = [...unequal, ...path, ...(load === null ? [] : [load])];
  const notKnown = unknown.length === 0 ? '' : ` Not known: ${joinWords(unknown)}.`;
  return {
    equal,
    notEqual: `${all.length === 0 ? 'Nothing else known to differ.' : `Not equal: ${all.join(', ')}.`}${notKnown}`,
  };
}
