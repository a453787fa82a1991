import 'server-only';
import { randomInt, randomUUID } from 'node:crypto';
import type { LoadArm, LoadStarted, LoadState } from '@/lib/contracts/load';
import { type EndpointPath, isOfCluster } from '@/lib/domain/endpoints';
import {
  type ChartTimes,
  type LoadEnd,
  type LoadPlan,
  type LoadProgress,
  quantilesOf,
} from '@/lib/domain/load';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import { isReachable } from '@/lib/server/chat-paths';
import type { Clock } from '@/lib/server/clock';
import { HttpProblem } from '@/lib/server/http/problem';
import type { LoadOrder, RunLoad, RunningLoad } from './load-order';
import type { SampleStore } from './sample-store';

export interface LoadServiceOptions {
  /** Virtual users of all arms together; `null`: no load may be started. */
  maxUsers: number | null;
  needsToken: boolean;
  paths(arm: Arm): readonly EndpointPath[];
  apiKeys: Record<Arm, string | null>;
  run: RunLoad;
  samples: SampleStore;
  /** When a load that began then shows in the curves. */
  chartTimes(startedAt: UnixMs): ChartTimes | null;
  clock: Clock;
  onEnded(because: LoadEnd): void;
}

/** A load as a span of time, for marks on a chart. */
export interface LoadSpan {
  startedAt: UnixMs;
  /** `null` while it runs. */
  endedAt: UnixMs | null;
  plan: LoadPlan;
  /** Its arms whose load may lead elsewhere than to their pods. */
  unchartedArms: readonly Arm[];
}

export interface LoadService {
  /** Throws an HttpProblem where none may be started, or one runs already. */
  start(plan: LoadPlan): LoadStarted;
  keep(runId: string): void;
  /** Whether this id is that of the running load, which only the page that started it knows. */
  isRunOf(runId: string): boolean;
  stop(): LoadState;
  state(withSamples: boolean): LoadState;
  spans(): readonly LoadSpan[];
  /** Ends a running load, and waits until it has. */
  shutdown(): Promise<void>;
}

interface Run extends LoadSpan {
  id: string;
  load: RunningLoad;
  progress: LoadProgress[];
  isStopping: boolean;
  endedBecause: LoadEnd | null;
  ended: Promise<void>;
}

const MAX_SPANS = 50;

/** The one background load of this process: who may start it, what it is doing, and that it ends (platform-pitfalls A42). */
export function createLoadService(options: LoadServiceOptions): LoadService {
  const { clock, maxUsers, samples } = options;
  let current: Run | null = null;
  let spans: readonly Run[] = [];

  function start(plan: LoadPlan): LoadStarted {
    checkSize(plan);
    if (current !== null && current.endedAt === null) {
      throw new HttpProblem(409, 'load-running', 'A background load runs already: stop it first.');
    }
    const order: LoadOrder = {
      plan,
      seed: randomInt(1, 1_000_000),
      targets: plan.arms.map((arm) => ({ endpoint: findEndpoint(arm, plan), apiKey: options.apiKeys[arm] })),
    };
    let settle = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const load = options.run(order, {
      onReport: (report) => {
        run.progress = report.progress;
        samples.add(report.samples);
      },
      onEnded: (because) => {
        run.endedAt = clock.now();
        run.endedBecause = because;
        settle();
        options.onEnded(because);
      },
    });
    const run: Run = {
      id: randomUUID(),
      load,
      plan,
      unchartedArms: order.targets.flatMap(({ endpoint }) =>
        isOfCluster(endpoint, options.paths(endpoint.arm)) ? [] : [endpoint.arm],
      ),
      startedAt: clock.now(),
      endedAt: null,
      endedBecause: null,
      isStopping: false,
      ended,
      progress: order.targets.map(({ endpoint: { arm, path } }) => ({
        arm,
        path,
        inFlight: 0,
        answered: 0,
        failed: 0,
        lastFailure: null,
        slowedUntil: null,
      })),
    };
    current = run;
    spans = [...spans, run].slice(-MAX_SPANS);
    return { runId: run.id, state: state(false) };
  }

  function checkSize(plan: LoadPlan): void {
    if (maxUsers === null) {
      throw new HttpProblem(
        403,
        'load-not-allowed',
        'No background load may be started here: LOAD_MAX_USERS is not set.',
      );
    }
    const users = plan.usersPerArm * plan.arms.length;
    if (users > maxUsers) {
      throw new HttpProblem(
        400,
        'bad-input',
        `usersPerArm: ${users} virtual users are more than the ${maxUsers} that LOAD_MAX_USERS allows`,
        'plan.usersPerArm',
      );
    }
  }

  function findEndpoint(arm: Arm, plan: LoadPlan) {
    const reachable = options.paths(arm).filter(isReachable);
    const endpoint =
      plan.path === null
        ? reachable.find(({ usable }) => usable)
        : reachable.find(({ path }) => path === plan.path);
    if (endpoint !== undefined) return endpoint;
    throw new HttpProblem(
      409,
      'no-endpoint',
      plan.path === null
        ? `No usable way to the ${arm} service is known.`
        : `The ${arm} service cannot be reached by ${plan.path} now.`,
      'plan.path',
    );
  }

  function state(withSamples: boolean): LoadState {
    const now = clock.now();
    const isOver = current === null || current.endedAt !== null;
    return {
      observedAt: new Date(now).toISOString(),
      phase: isOver ? 'off' : current?.isStopping === true ? 'stopping' : 'running',
      maxUsers,
      needsToken: options.needsToken,
      plan: current?.plan ?? null,
      startedAt: toIso(current?.startedAt ?? null),
      endedAt: toIso(current?.endedAt ?? null),
      endedBecause: current?.endedBecause ?? null,
      chartTimes: current === null || isOver ? null : options.chartTimes(current.startedAt),
      unchartedArms: [...(current?.unchartedArms ?? [])],
      arms:
        current === null
          ? []
          : current.progress.map((progress) => toArm(progress, current?.startedAt ?? now)),
      samples: withSamples ? [...samples.list()] : [],
    };
  }

  function toArm(progress: LoadProgress, startedAt: UnixMs): LoadArm {
    const own = samples
      .list()
      .filter(
        ({ origin, arm, sentAt }) =>
          origin === 'load' && arm === progress.arm && Date.parse(sentAt) >= startedAt,
      );
    return { ...progress, ttft: quantilesOf(own, 'ttftMs'), meanItl: quantilesOf(own, 'meanItlMs') };
  }

  function end(because: LoadEnd): void {
    if (current === null || current.endedAt !== null) return;
    current.isStopping = true;
    current.load.stop(because);
  }

  const isRunOf = (runId: string): boolean =>
    current !== null && current.endedAt === null && current.id === runId;

  return {
    start,
    isRunOf,
    keep: (runId) => {
      if (!isRunOf(runId)) {
        throw new HttpProblem(404, 'no-such-load', 'That background load does not run any more.');
      }
      current?.load.keep();
    },
    stop: () => {
      end('stopped');
      return state(false);
    },
    state,
    spans: () => spans,
    shutdown: async () => {
      end('shutdown');
      await current?.ended;
    },
  };
}

function toIso(at: UnixMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
