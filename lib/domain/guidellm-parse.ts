import type { GuidellmProblem, GuidellmRun, GuidellmShape, GuidellmSpread, GuidellmStage } from './guidellm';
import {
  child,
  GuidellmDamage,
  isThere,
  needList,
  needObject,
  numberAt,
  type Place,
  parsePythonJson,
  textAt,
  textsAt,
} from './guidellm-json';
import { ARMS, type Arm } from './vocabulary';

/** How the arms are called, to tell from target or model which one was measured. */
export interface ArmNames {
  baselineName: string;
  distributedName: string;
}

export type GuidellmResult = { ok: true; run: GuidellmRun } | { ok: false; problem: GuidellmProblem };

/** One result file of GuideLLM 0.3 to 0.7 and later (metrics §12). Pure: for the server and for uploads in the browser. */
export function parseGuidellm(text: string, file: string, names: ArmNames): GuidellmResult {
  try {
    const root = needObject({ at: '$', value: parsePythonJson(text) });
    return { ok: true, run: readRun(root, file, names) };
  } catch (error) {
    if (!(error instanceof GuidellmDamage)) throw error;
    return { ok: false, problem: { file, at: error.at, message: error.message } };
  }
}

function readRun(root: Place, file: string, names: ArmNames): GuidellmRun {
  const benchmarks = needList(child(root, 'benchmarks'));
  const [first] = benchmarks;
  if (first === undefined) {
    throw new GuidellmDamage(
      '$.benchmarks',
      'there is no benchmark in it: the run ended before its first stage',
    );
  }
  const shape = shapeOf(root, needObject(first));
  const stages = benchmarks.map((benchmark) => readStage(needObject(benchmark)));
  const { target, model } = targetOf(root, first, shape);
  const labels = textsAt(child(root, 'config', 'metadata', 'labels'));
  return {
    file,
    shape,
    version: textAt(child(root, 'metadata', 'guidellm_version')),
    target,
    model,
    labels,
    ...findArm(labels, target, model, names),
    startedAt: stages[0]?.startedAt ?? null,
    tpotHasFirstToken: shape !== '0.3',
    stages,
    warnings: stages.flatMap(warningsOf),
  };
}

/** By what is at the top level, and inside a benchmark where that says nothing (metrics §12, "Which version?"). */
function shapeOf(root: Place, benchmark: Place): GuidellmShape {
  const version = child(root, 'metadata', 'version');
  if (isThere(version)) {
    if (version.value === 1) return '0.5';
    if (version.value === 2) return '0.7';
    throw new GuidellmDamage(version.at, `report version ${String(version.value)} is not known; 1 and 2 are`);
  }
  if (isThere(child(root, 'args')) || isThere(child(benchmark, 'scheduler_metrics'))) return '0.4';
  if (isThere(child(benchmark, 'run_stats')) || isThere(child(benchmark, 'args'))) return '0.3';
  throw new GuidellmDamage(benchmark.at, 'this is not a benchmark of GuideLLM 0.3 or later');
}

function targetOf(
  root: Place,
  benchmark: Place,
  shape: GuidellmShape,
): { target: string | null; model: string | null } {
  const from = (place: Place, target: string, model: string) => ({
    target: textAt(child(place, target)),
    model: textAt(child(place, model)),
  });
  switch (shape) {
    case '0.3':
      return from(child(benchmark, 'worker'), 'backend_target', 'backend_model');
    case '0.4':
    case '0.5': {
      const own = from(child(benchmark, 'config', 'backend'), 'target', 'model');
      const told = from(child(root, 'args'), 'target', 'model');
      return { target: told.target ?? own.target, model: told.model ?? own.model };
    }
    case '0.7': {
      const own = from(child(benchmark, 'config', 'backend'), 'target', 'model');
      const told = from(child(root, 'config', 'spec', 'backend'), 'target', 'model');
      return { target: told.target ?? own.target, model: told.model ?? own.model };
    }
  }
}

function readStage(benchmark: Place): GuidellmStage {
  const isOld = isThere(child(benchmark, 'run_stats')) || isThere(child(benchmark, 'args'));
  const strategy = needObject(child(benchmark, isOld ? 'args' : 'config', 'strategy'));
  const metrics = needObject(child(benchmark, 'metrics'));
  const totals = isOld ? child(benchmark, 'request_totals') : child(metrics, 'request_totals');
  const load = textAt(child(strategy, 'type_')) ?? textAt(child(strategy, 'kind'));
  if (load === null) throw new GuidellmDamage(`${strategy.at}.type_`, 'the kind of load is not told');
  const mean = (name: string): number | null => numberAt(child(metrics, name, 'successful', 'mean'));
  const streams = numberAt(child(strategy, 'streams'));
  return {
    at: benchmark.at,
    load,
    users: load === 'synchronous' ? 1 : load === 'concurrent' ? streams : null,
    ratePerSecond: load === 'constant' || load === 'poisson' ? numberAt(child(strategy, 'rate')) : null,
    startedAt: timeAt(child(benchmark, 'start_time')),
    durationSeconds: numberAt(child(benchmark, 'duration')),
    requests: {
      successful: numberAt(child(totals, 'successful')),
      incomplete: numberAt(child(totals, 'incomplete')),
      errored: numberAt(child(totals, 'errored')),
    },
    ttftMs: readSpread(child(metrics, 'time_to_first_token_ms', 'successful')),
    itlMs: readSpread(child(metrics, 'inter_token_latency_ms', 'successful')),
    tpotMs: readSpread(child(metrics, 'time_per_output_token_ms', 'successful')),
    requestSeconds: readSpread(child(metrics, 'request_latency', 'successful')),
    outputTokensPerSecond: mean('output_tokens_per_second'),
    totalTokensPerSecond: mean('tokens_per_second'),
    requestsPerSecond: mean('requests_per_second'),
    concurrency: mean('request_concurrency'),
  };
}

function readSpread(place: Place): GuidellmSpread | null {
  if (!isThere(place)) return null;
  const percentiles = child(needObject(place), 'percentiles');
  const count = numberAt(child(place, 'count'));
  // Without a single observation nothing was measured, whatever stands there.
  if (count === 0) return null;
  return {
    p50: numberAt(child(percentiles, 'p50')),
    p90: numberAt(child(percentiles, 'p90')),
    p95: numberAt(child(percentiles, 'p95')),
    p99: numberAt(child(percentiles, 'p99')),
    mean: numberAt(child(place, 'mean')),
    count,
  };
}

/** Unix seconds in the file. */
function timeAt(place: Place): string | null {
  const seconds = numberAt(place);
  if (seconds === null) return null;
  const time = new Date(Math.round(seconds * 1_000));
  if (Number.isNaN(time.getTime())) throw new GuidellmDamage(place.at, 'this is not a time');
  return time.toISOString();
}

/** A label says it; else the names of target and model do; else nobody does, and the person is asked. */
function findArm(
  labels: Readonly<Record<string, string>>,
  target: string | null,
  model: string | null,
  names: ArmNames,
): { arm: Arm | null; armBecause: string } {
  for (const [name, value] of Object.entries(labels)) {
    const arm = ARMS.find((one) => one === value.toLowerCase());
    if (arm !== undefined) return { arm, armBecause: `label ${name}=${value}` };
  }
  const nameOf: Record<Arm, string> = {
    baseline: names.baselineName,
    distributed: names.distributedName,
  };
  const found = (text: string | null): Arm | null => {
    const arms = ARMS.filter((arm) => text?.includes(nameOf[arm]) === true);
    return arms.length === 1 ? (arms[0] ?? null) : null;
  };
  const byTarget = found(target);
  if (byTarget !== null) return { arm: byTarget, armBecause: `target ${target ?? ''}` };
  const byModel = found(model);
  if (byModel !== null) return { arm: byModel, armBecause: `model ${model ?? ''}` };
  return { arm: null, armBecause: 'neither labels nor target nor model name an arm' };
}

/** Fewer make p95 the slowest of a handful. */
const FEW = 20;

function warningsOf(stage: GuidellmStage): string[] {
  const { successful, incomplete, errored } = stage.requests;
  const name = stageName(stage);
  return [
    ...(successful !== null && successful < FEW
      ? [`${name}: ${successful} requests only, so p95 and p99 are the slowest of them`]
      : []),
    ...((incomplete ?? 0) > 0 ? [`${name}: ${incomplete} requests were cut off by the time limit`] : []),
    ...((errored ?? 0) > 0 ? [`${name}: ${errored} requests failed`] : []),
  ];
}

/** "8 users", "2 requests/s", "throughput". */
export function stageName({ users, ratePerSecond, load }: GuidellmStage): string {
  if (users !== null) return users === 1 ? '1 user' : `${users} users`;
  return ratePerSecond === null ? load : `${ratePerSecond} requests/s (${load})`;
}
