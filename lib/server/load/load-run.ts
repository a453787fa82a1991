import 'server-only';
import type { Dispatcher } from 'undici';
import { DEAD_MAN_MS, type LoadEnd, type LoadProgress, type LoadSample, MAX_RUN_MS } from '@/lib/domain/load';
import { seededRandom } from '@/lib/domain/seeded-random';
import { toMicroseconds, toSpeed } from '@/lib/domain/timing';
import type { Clock } from '@/lib/server/clock';
import type { AttemptResult } from '@/lib/server/inference/chat-attempt';
import type { ReachableEndpoint } from '@/lib/server/inference/relay-chat';
import { createUsageMemory } from '@/lib/server/inference/usage-memory';
import type { LoadListener, LoadOrder, RunningLoad } from './load-order';
import { runVirtualUser } from './virtual-user';

const REPORT_MS = 250;
/** Users begin over this time, not all in one instant. */
const RAMP_MS = 1_000;
/** An endpoint that asks to wait longer is asked again after this all the same. */
const MOST_WAIT_MS = 60_000;

export interface LoadRunOptions {
  order: LoadOrder;
  listener: LoadListener;
  dispatcherFor(endpoint: ReachableEndpoint): Dispatcher;
  clock: Clock;
}

/**
 * A load in this thread: its users, its dead-man switch, its time limit. Nothing of it touches the requests of the chat, and
 * everything is timed by the code that times the chat.
 */
export function startLoadRun({ order, listener, dispatcherFor, clock }: LoadRunOptions): RunningLoad {
  const stopping = new AbortController();
  const { signal } = stopping;
  let because: LoadEnd = 'stopped';
  let samples: LoadSample[] = [];
  let keptAtMs = clock.monotonic();
  const startedAtMs = keptAtMs;

  const stop = (reason: LoadEnd): void => {
    if (signal.aborted) return;
    because = reason;
    stopping.abort();
  };
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted || milliseconds <= 0) {
        resolve();
        return;
      }
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.after(milliseconds, end);
      signal.addEventListener('abort', end);
    });

  const arms = order.targets.map((target) => {
    const progress: LoadProgress = {
      arm: target.endpoint.arm,
      path: target.endpoint.path,
      inFlight: 0,
      answered: 0,
      failed: 0,
      lastFailure: null,
      slowedUntil: null,
    };
    let welcomeAtMs = clock.monotonic();
    const onRequest = (): ((result: AttemptResult, sentAt: number) => void) => {
      progress.inFlight += 1;
      return (result, sentAt) => {
        progress.inFlight -= 1;
        // What our own stop cut off is no measurement, and a refused usage report is asked for differently next time.
        if (result.failure?.code === 'aborted' || result.takesUsage !== null) return;
        samples.push(toSample(target.endpoint, result, sentAt));
        if (result.failure === null) {
          progress.answered += 1;
          return;
        }
        progress.failed += 1;
        const { code, message } = result.failure;
        progress.lastFailure = { at: new Date(clock.now()).toISOString(), code, message };
        const waitMs = Math.min((result.headers?.retryAfterSeconds ?? 0) * 1000, MOST_WAIT_MS);
        if (waitMs === 0) return;
        welcomeAtMs = Math.max(welcomeAtMs, clock.monotonic() + waitMs);
        progress.slowedUntil = new Date(clock.now() + waitMs).toISOString();
      };
    };
    const untilWelcome = async (): Promise<void> => {
      const waitMs = welcomeAtMs - clock.monotonic();
      if (waitMs > 0) await pause(waitMs);
      else progress.slowedUntil = null;
    };
    return { target, progress, onRequest, untilWelcome };
  });

  const report = (): void => {
    const news = samples;
    samples = [];
    listener.onReport({ progress: arms.map(({ progress }) => ({ ...progress })), samples: news });
  };
  const watch = (): void => {
    if (signal.aborted) return;
    const nowMs = clock.monotonic();
    if (nowMs - keptAtMs >= DEAD_MAN_MS) stop('page-lost');
    else if (nowMs - startedAtMs >= MAX_RUN_MS) stop('time-limit');
    report();
    clock.after(REPORT_MS, watch);
  };

  async function run(): Promise<void> {
    const usageMemory = createUsageMemory();
    const { usersPerArm, shape } = order.plan;
    const users = arms.flatMap(({ target, onRequest, untilWelcome }) => {
      const dispatcher = dispatcherFor(target.endpoint);
      return Array.from({ length: usersPerArm }, async (_, index) => {
        await pause((RAMP_MS * index) / usersPerArm);
        await runVirtualUser({
          name: `Run ${order.seed}, user ${index}, question`,
          shape,
          // The same questions on both arms.
          random: seededRandom(order.seed + index),
          ...target,
          dispatcher,
          usageMemory,
          clock,
          signal,
          onRequest,
          untilWelcome,
          pause,
        });
      });
    });
    await Promise.all(users);
  }

  clock.after(REPORT_MS, watch);
  run()
    .catch(() => stop('failed'))
    .finally(() => {
      report();
      listener.onEnded(because);
    });
  return {
    keep: () => {
      keptAtMs = clock.monotonic();
    },
    stop,
  };
}

function toSample(endpoint: ReachableEndpoint, result: AttemptResult, sentAt: number): LoadSample {
  const { state, failure, endedAtMs } = result;
  const completionTokens = state.usage?.completionTokens ?? null;
  const { ttftMs, meanItlMs } = toSpeed(state.timing, completionTokens);
  return {
    arm: endpoint.arm,
    origin: 'load',
    sentAt: new Date(sentAt).toISOString(),
    path: endpoint.path,
    outcome: failure === null ? 'answered' : 'failed',
    code: failure?.code ?? null,
    ttftMs: toMicroseconds(ttftMs),
    meanItlMs: toMicroseconds(meanItlMs),
    e2eMs: failure === null ? toMicroseconds(endedAtMs) : null,
    promptTokens: state.usage?.promptTokens ?? null,
    completionTokens,
    cachedPromptTokens: state.usage?.cachedPromptTokens ?? null,
  };
}
