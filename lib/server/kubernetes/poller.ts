import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { Clock } from '../clock';
import { createBackOff } from './back-off';
import type { KubernetesClient } from './client';
import { stoppedError, toConnectionError } from './errors';
import { pause } from './pause';
import type { ReflectorTiming } from './reflector-timing';
import { pauseAfter, vary, waitWithinProof } from './retry-policy';
import { createViewKeeper, type ViewKeeper } from './view-keeper';

/** How often what cannot be watched is asked for: the newest proof is then never older than 20 s. */
export const POLL_INTERVAL_MS = 9_000;

export interface PollContext {
  client: KubernetesClient;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  timing: ReflectorTiming;
  intervalMs: number;
  onChange: () => void;
  onFault?: ((error: unknown) => void) | undefined;
}

/** A loop that ends only when told to. */
export interface Loop {
  start(): void;
  stop(): Promise<void>;
}

export interface Poller<T> extends Loop {
  view(): ResourceView<T>;
}

/** Runs `work` again and again; it returns how long to wait, or throws, which is reported and retried. */
export function createLoop(
  { clock, intervalMs, onFault }: PollContext,
  work: (signal: AbortSignal) => Promise<number>,
): Loop {
  const life = new AbortController();
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (!life.signal.aborted) {
      let delayMs = intervalMs;
      try {
        delayMs = await work(life.signal);
      } catch (error) {
        if (!life.signal.aborted) onFault?.(error);
      }
      await pause(clock, delayMs, life.signal);
    }
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      life.abort(stoppedError());
      await running;
    },
  };
}

export interface PollOptions<T> {
  path: string;
  /** Throws a KubernetesError when the answer is not what it should be. */
  parse: (body: unknown) => readonly T[];
  /** Items that count as the same leave the view as it is. */
  isSame: (one: readonly T[], other: readonly T[]) => boolean;
}

/** Asks for one document now and then; an unchanged one (304, or the same content) changes nothing but the proof. */
export function createPoller<T>(context: PollContext, { path, parse, isSame }: PollOptions<T>): Poller<T> {
  const { client, clock, random, timing } = context;
  const backOff = createBackOff({ ...timing.backOff, random });
  let items: readonly T[] = [];
  let etag: string | null = null;
  const keeper: ViewKeeper<T> = createViewKeeper({
    request: `GET ${path}`,
    items: () => items,
    clock,
    timing: timing.view,
    onChange: context.onChange,
  });

  const loop = createLoop(context, async (signal) => {
    const sentAt = clock.now();
    keeper.wait(sentAt);
    try {
      const answer = await client.get(path, {
        signal,
        timeoutMs: timing.listTimeoutMs,
        ifNoneMatch: etag,
      });
      if (answer.outcome === 'ok') {
        const next = parse(answer.body);
        if (!isSame(items, next)) items = next;
        etag = answer.etag;
      }
      backOff.reset();
      keeper.succeed('list', 200);
      keeper.prove(sentAt);
      const now = clock.now();
      return waitWithinProof(vary(context.intervalMs, random), {
        at: sentAt,
        now,
        costMs: now - sentAt,
        lastsMs: timing.view.staleAfterMs,
      });
    } catch (error) {
      if (signal.aborted) return 0;
      const problem = toConnectionError(error);
      keeper.fail('list', problem);
      etag = null;
      if (problem.kind === 'not-installed' || problem.kind === 'not-found') {
        items = items.length === 0 ? items : [];
        keeper.prove(sentAt);
      }
      return pauseAfter(problem, backOff, vary(context.intervalMs, random));
    } finally {
      keeper.wait(null);
    }
  });

  return { ...loop, view: () => keeper.view() };
}
