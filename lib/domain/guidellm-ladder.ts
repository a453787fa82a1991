import type { ArmCost } from './compare';
import type { GuidellmRun, GuidellmStage, ServiceLevel } from './guidellm';
import { stageName } from './guidellm-parse';
import type { LadderAnswer } from './targets';
import type { Arm } from './vocabulary';

/** One rung of an arm's ladder, as the charts draw it. */
export interface Rung {
  users: number;
  stage: GuidellmStage;
  ttftMs: number | null;
  itlMs: number | null;
  outputTokensPerSecond: number | null;
  /** `null`: a limited latency is not in the file. */
  isWithin: boolean | null;
}

/** Where an arm's ladder leaves the service level. */
export type Knee =
  | { kind: 'breaks'; lastGood: Rung | null; breaksAt: Rung; most: number }
  /** Every stage keeps it: where it breaks was not reached. */
  | { kind: 'not-reached'; lastGood: Rung; most: number }
  | { kind: 'unknown'; because: string };

export interface Ladder {
  arm: Arm;
  run: GuidellmRun;
  /** By users, ascending; loads that are no number of users are not on it. */
  rungs: Rung[];
  knee: Knee;
  /** "breaks at 10 of 15 users", "not reached: all of 8 users kept it". */
  text: string;
  /** Output at the highest stage within the service level, as it is, per GPU, and per unit of money. */
  best: { tokensPerSecond: number; perGpu: number | null; tokensPerMoney: number | null } | null;
}

const SECONDS_PER_HOUR = 3_600;

/** Users → TTFT, ITL and throughput of one run, with the highest stage within the service level. */
export function toLadder(arm: Arm, run: GuidellmRun, level: ServiceLevel, cost: ArmCost): Ladder {
  const rungs = run.stages
    .flatMap((stage): Rung[] => (stage.users === null ? [] : [toRung(stage, stage.users, level)]))
    .sort((one, other) => one.users - other.users);
  const knee = findKnee(rungs);
  const top = knee.kind === 'unknown' ? null : knee.lastGood;
  const tokensPerSecond = top?.outputTokensPerSecond ?? null;
  const { gpus, pricePerHour } = cost;
  return {
    arm,
    run,
    rungs,
    knee,
    text: sayKnee(knee),
    best:
      tokensPerSecond === null
        ? null
        : {
            tokensPerSecond,
            perGpu: gpus === null || gpus === 0 ? null : tokensPerSecond / gpus,
            tokensPerMoney:
              pricePerHour === null || pricePerHour === 0
                ? null
                : (tokensPerSecond * SECONDS_PER_HOUR) / pricePerHour,
          },
  };
}

function toRung(stage: GuidellmStage, users: number, level: ServiceLevel): Rung {
  const ttftMs = stage.ttftMs?.[level.statistic] ?? null;
  const itlMs = stage.itlMs?.[level.statistic] ?? null;
  return {
    users,
    stage,
    ttftMs,
    itlMs,
    outputTokensPerSecond: stage.outputTokensPerSecond,
    isWithin: isWithin(ttftMs, level.ttftMs, itlMs, level.itlMs, stage),
  };
}

/** Failed requests have no latency: a stage with them is not within anything. */
function isWithin(
  ttftMs: number | null,
  ttftLimit: number | null,
  itlMs: number | null,
  itlLimit: number | null,
  stage: GuidellmStage,
): boolean | null {
  if ((stage.requests.errored ?? 0) > 0) return false;
  const kept = (value: number | null, limit: number | null): boolean | null =>
    limit === null ? true : value === null ? null : value <= limit;
  const answers = [kept(ttftMs, ttftLimit), kept(itlMs, itlLimit)];
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function findKnee(rungs: readonly Rung[]): Knee {
  const most = rungs.at(-1)?.users;
  if (most === undefined) return { kind: 'unknown', because: 'no stage holds a number of users' };
  const index = rungs.findIndex(({ isWithin: within }) => within !== true);
  const at = rungs[index];
  if (at === undefined) {
    const [last] = rungs.slice(-1);
    return last === undefined
      ? { kind: 'unknown', because: 'no stage holds a number of users' }
      : { kind: 'not-reached', lastGood: last, most };
  }
  if (at.isWithin === null) {
    return { kind: 'unknown', because: `a limited latency is not in the file at ${stageName(at.stage)}` };
  }
  return { kind: 'breaks', lastGood: rungs[index - 1] ?? null, breaksAt: at, most };
}

function sayKnee(knee: Knee): string {
  switch (knee.kind) {
    case 'breaks':
      return `breaks at ${knee.breaksAt.users} of ${knee.most} users`;
    case 'not-reached':
      return `not reached: kept up to ${knee.most} users, the most that was tried`;
    case 'unknown':
      return `not known: ${knee.because}`;
  }
}

/** What the newest runs of both arms say about throughput at the same service level; `null` without runs of both. */
export function answerLadders(
  runs: readonly GuidellmRun[],
  level: ServiceLevel,
  costs: Record<Arm, ArmCost>,
): LadderAnswer | null {
  const newest = (arm: Arm): GuidellmRun | null =>
    runs
      .filter((run) => run.arm === arm)
      .reduce<GuidellmRun | null>(
        (best, run) => (best === null || (run.startedAt ?? '') > (best.startedAt ?? '') ? run : best),
        null,
      );
  const pair = { baseline: newest('baseline'), distributed: newest('distributed') };
  if (pair.baseline === null || pair.distributed === null) return null;
  const answer = (arm: Arm, run: GuidellmRun): LadderAnswer[Arm] => {
    const { best, knee } = toLadder(arm, run, level, costs[arm]);
    const top = knee.kind === 'unknown' ? null : knee.lastGood;
    return best === null || top === null
      ? null
      : { tokensPerSecond: best.tokensPerSecond, stage: stageName(top.stage), file: run.file };
  };
  return {
    baseline: answer('baseline', pair.baseline),
    distributed: answer('distributed', pair.distributed),
  };
}
