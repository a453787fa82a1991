import { type PlacedLabel, spreadLabels, toAxisTop } from '@/components/charts/chart-scale';
import type { LadderRow } from '@/components/charts/ladder-chart';
import type { ArmCost } from '@/lib/domain/compare';
import type { GuidellmRun, ServiceLevel } from '@/lib/domain/guidellm';
import { type Ladder, type Rung, toLadder } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import type { PublishedFigures, PublishedRung } from './published-figures';

/** A run with the arm it counts for: what the file says, or what a person said of it. */
export interface ChosenRun {
  run: GuidellmRun;
  arm: Arm | null;
}

/** The newest run of an arm; what was dropped on the page comes before what lies on the path. */
export function newestOf(runs: readonly ChosenRun[], arm: Arm): GuidellmRun | null {
  return runs
    .filter((chosen) => chosen.arm === arm)
    .reduce<GuidellmRun | null>(
      (best, { run }) => (best === null || (run.startedAt ?? '') > (best.startedAt ?? '') ? run : best),
      null,
    );
}

/** Runs with their arms; a file of the same name that was dropped replaces the configured one. */
export function toChosenRuns(
  configured: readonly GuidellmRun[],
  dropped: readonly GuidellmRun[],
  said: Readonly<Record<string, Arm>>,
): ChosenRun[] {
  const names = new Set(dropped.map(({ file }) => file));
  return [...dropped, ...configured.filter(({ file }) => !names.has(file))].map((run) => ({
    run,
    arm: said[run.file] ?? run.arm,
  }));
}

export function toLadders(
  runs: readonly ChosenRun[],
  level: ServiceLevel,
  costs: Record<Arm, ArmCost>,
): Record<Arm, Ladder | null> {
  const ladderOf = (arm: Arm): Ladder | null => {
    const run = newestOf(runs, arm);
    return run === null ? null : toLadder(arm, run, level, costs[arm]);
  };
  return { baseline: ladderOf('baseline'), distributed: ladderOf('distributed') };
}

/** What a panel of the ladder draws; figures published elsewhere have a value only of what they measured alike. */
export interface LadderPick {
  own(rung: Rung): number | null;
  published(rung: PublishedRung): number | null;
}

/** Most users of our own runs: the axis is theirs, whatever else is laid over. */
export function toMostUsers(ladders: Record<Arm, Ladder | null>): number {
  return Math.max(1, ...ARMS.flatMap((arm) => ladders[arm]?.rungs.map((rung) => rung.users) ?? []));
}

/** Both ladders on one axis of users; a load that only one arm was given is a gap of the other. */
export function toLadderRows(
  ladders: Record<Arm, Ladder | null>,
  published: PublishedFigures | null,
  pick: LadderPick,
): LadderRow[] {
  const most = toMostUsers(ladders);
  const ghosts = ARMS.map((arm) =>
    (published?.ladder ?? []).filter((rung) => rung.arm === arm && rung.users <= most),
  );
  const users = new Set([
    ...ARMS.flatMap((arm) => ladders[arm]?.rungs.map((rung) => rung.users) ?? []),
    ...ghosts.flat().map((rung) => rung.users),
  ]);
  return [...users]
    .sort((one, other) => one - other)
    .map((count) => {
      const rungs = ARMS.map((arm) => ladders[arm]?.rungs.find((known) => known.users === count) ?? null);
      return {
        users: count,
        values: rungs.map((rung) => (rung === null ? null : pick.own(rung))),
        kept: rungs.map((rung) => rung?.isWithin ?? null),
        ghosts: ghosts.map((known) => {
          const rung = known.find((one) => one.users === count);
          return rung === undefined ? null : pick.published(rung);
        }),
      };
    });
}

/** Loads of our own runs that have room for their number under the axis. */
export function toUserTicks(rows: readonly LadderRow[], most: number): number[] {
  const ticks: number[] = [];
  for (const { users, values } of rows) {
    const before = ticks.at(-1);
    const hasRoom = before === undefined || users - before >= most * MIN_TICK_SHARE;
    if (hasRoom && values.some((value) => value !== null)) ticks.push(users);
  }
  return ticks;
}

/** Two numbers under the axis need this share of its width between them. */
const MIN_TICK_SHARE = 0.045;

/** Highest load within the service level: users, or `null` where none was or nothing is known. */
export function lastGoodUsers(ladder: Ladder | null): number | null {
  if (ladder === null || ladder.knee.kind === 'unknown') return null;
  return ladder.knee.lastGood?.users ?? null;
}

/**
 * `4 to 24 requests a stage`: with few requests a percentile is the slowest one of them (nearest rank, metrics §12). `null`:
 * the file does not say.
 */
export function toCountWords(ladder: Ladder): string | null {
  const counts = ladder.rungs.flatMap(({ stage }) => stage.requests.successful ?? []);
  if (counts.length === 0) return null;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? most : `${least} to ${most}`} requests a stage`;
}

/** `first token p95 ≤ 1 s` */
export function toLevelWords(level: ServiceLevel): string {
  const limits = [
    level.ttftMs === null ? null : `first token ${level.statistic} ≤ ${level.ttftMs / 1_000} s`,
    level.itlMs === null ? null : `between tokens ${level.statistic} ≤ ${level.itlMs} ms`,
  ].filter((limit) => limit !== null);
  return limits.length === 0 ? 'no limit is configured' : limits.join(', ');
}

/** What both ladders say, in one sentence that a file can carry. */
export function toLadderSentence(ladders: Record<Arm, Ladder | null>): string {
  const { baseline, distributed } = ladders;
  if (baseline === null && distributed === null) return 'No recorded ladder yet';
  if (baseline === null || distributed === null) return 'One arm’s ladder is recorded';
  const one = lastGoodUsers(baseline);
  const other = lastGoodUsers(distributed);
  if (one === null && other === null) return 'No stage of either arm kept the service level';
  if (one === null || other === null) {
    return one === null
      ? `Only llm-d kept the service level, up to ${other} users`
      : `Only INT4 kept the service level, up to ${one} users`;
  }
  if (one === other) return `Both arms kept the service level up to ${one} users`;
  return other > one
    ? `llm-d kept the service level up to ${other} users, INT4 up to ${one}`
    : `INT4 kept the service level up to ${one} users, llm-d up to ${other}`;
}

/** Labels of one panel need this share of its height between their centres. */
const LABEL_GAP = 0.3;

export interface LadderLabel {
  arm: Arm;
  value: number;
}

/** Top of the value axis, and the value of each arm's last rung at its height, none over the other. */
export function toLadderAxis(
  rows: readonly LadderRow[],
  limit: number | null,
): { top: number; labels: PlacedLabel<LadderLabel>[] } {
  const values = rows.flatMap((row) => [...row.values, ...row.ghosts]);
  const top = toAxisTop(limit === null ? values : [...values, limit], 0);
  const labels = ARMS.flatMap((arm, index): PlacedLabel<LadderLabel>[] => {
    const value = rows.findLast((row) => (row.values[index] ?? null) !== null)?.values[index] ?? null;
    return value === null ? [] : [{ item: { arm, value }, at: top === 0 ? 1 : 1 - value / top }];
  });
  return { top, labels: spreadLabels(labels, LABEL_GAP) };
}
