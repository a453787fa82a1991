import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@/lib/domain/steps';
import type { Clock } from '@/lib/server/clock';
import type { Hub, LiveState } from './hub';

/** At most one patch per tick for all browsers, however much changes. */
const TICK_MS = 150;
/** After a quiet time changes that come this close together are judged together; waiting longer is seen on the stage. */
const GATHER_MS = 15;
/** States also change by the mere passing of time (20 s without proof of life). */
const REJUDGE_MS = 2_000;
/** Judging and comparing all of it takes several milliseconds, in which no token would pass: after this long whatever waits goes first. */
const SLICE_MS = 1;

export interface StatePublisher {
  /** Something may have changed: judged and told soon. */
  schedule(): void;
  stop(): void;
}

export interface StatePublisherOptions {
  hub: Pick<Hub, 'current' | 'publish'>;
  judge: (previous: LiveState) => Steps<LiveState>;
  clock: Clock;
  onFault: (error: unknown) => void;
}

/** Brings what the sources say to the browsers: many changes as one, and never in the way of what streams. */
export function createStatePublisher(options: StatePublisherOptions): StatePublisher {
  const { hub, judge, clock, onFault } = options;
  let cancelWaiting: (() => void) | null = null;
  let isPublishing = false;
  /** Something changed while the state before it was being judged. */
  let isDueAgain = false;
  let isStopped = false;
  let publishedAtMs = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (isStopped || cancelWaiting !== null) return;
    if (isPublishing) {
      isDueAgain = true;
      return;
    }
    const sinceLastMs = clock.monotonic() - publishedAtMs;
    cancelWaiting = clock.after(Math.max(GATHER_MS, TICK_MS - sinceLastMs), () => {
      cancelWaiting = null;
      void publish();
    });
  }

  async function publish(): Promise<void> {
    isPublishing = true;
    publishedAtMs = clock.monotonic();
    try {
      const next = await inSlices(judge(hub.current()));
      if (!isStopped) await inSlices(hub.publish(next));
    } catch (error) {
      onFault(error);
    }
    isPublishing = false;
    if (!isDueAgain) return;
    isDueAgain = false;
    schedule();
  }

  async function inSlices<T>(steps: Steps<T>): Promise<T> {
    let beganAtMs = clock.monotonic();
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (clock.monotonic() - beganAtMs < SLICE_MS) continue;
      await nextTurn();
      beganAtMs = clock.monotonic();
    }
  }

  let cancelRejudge = clock.after(REJUDGE_MS, rejudge);
  function rejudge(): void {
    cancelRejudge = clock.after(REJUDGE_MS, rejudge);
    schedule();
  }

  return {
    schedule,
    stop: () => {
      isStopped = true;
      cancelRejudge();
      cancelWaiting?.();
    },
  };
}
