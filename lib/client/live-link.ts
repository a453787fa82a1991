import { checklistSchema } from '@/lib/contracts/checklist';
import { LIVE_EVENT_TYPES, type LiveEvent, liveEventSchema, PATIENCE_MS } from '@/lib/contracts/live-event';
import { placementSchema } from '@/lib/contracts/placement';
import { statusSchema } from '@/lib/contracts/status';
import type { LinkPhase, LiveAction } from './live-state';

/** Without any event this long after opening, something on the way holds the stream back (platform-pitfalls §4.3). */
const FIRST_EVENT_MS = 10_000;
const POLL_INTERVAL_MS = 2_000;
const STREAM_RETRY_MS = 60_000;
const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MOST_MS = 5_000;

/** The part of EventSource that is used; tests hand in their own. */
export interface EventSourceLike {
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

export interface LinkEnvironment {
  openEventSource(path: `/${string}`): EventSourceLike;
  fetchJson(path: `/${string}`, signal: AbortSignal): Promise<unknown>;
  /** Runs `callback` after `delayMs`; the returned function cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
  nowMs(): number;
  /** Uniform in [0, 1). */
  random(): number;
}

export interface LiveLink {
  /** The page came back (online, visible, restored): reopen at once unless the stream is known to be alive. */
  wake(): void;
  /** Asks for a snapshot by opening a new stream, after the shortest pause: a bad server must not be hammered. */
  resync(): void;
  stop(): void;
}

/** 0.5, 1, 2, 4, 5, 5 … s, each up to half longer, so that an audience does not come back in one instant. */
export function reopenDelayMs(attempt: number, random: number): number {
  const delay = Math.min(BACK_OFF_MOST_MS, BACK_OFF_FIRST_MS * 2 ** attempt);
  return delay + (delay / 2) * random;
}

function parseEvent(type: string, data: unknown): LiveEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const body: unknown = JSON.parse(data);
    const parsed = liveEventSchema.safeParse({ ...(body as Record<string, unknown>), type });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * One live connection to the dashboard: a stream, watched; polling where streams do not come through. EventSource
 * reopens only dropped connections and gives up on a 503, so reopening is ours in every case.
 */
export function openLiveLink(environment: LinkEnvironment, dispatch: (action: LiveAction) => void): LiveLink {
  let source: EventSourceLike | null = null;
  let generation = 0;
  let attempt = 0;
  let silentSinceMs = environment.nowMs();
  let hasEverSpoken = false;
  let phase: LinkPhase = 'connecting';
  let isStopped = false;
  let polling: AbortController | null = null;
  const timers = { watchdog: () => {}, reopen: () => {}, poll: () => {} };

  const toPhase = (next: LinkPhase): void => {
    phase = next;
    dispatch({ type: 'phase', phase: next });
  };
  const arm = (name: keyof typeof timers, callback: () => void, delayMs: number): void => {
    timers[name]();
    timers[name] = environment.setTimer(callback, delayMs);
  };
  const closeSource = (): void => {
    generation += 1;
    source?.close();
    source = null;
    timers.watchdog();
  };
  const stopPolling = (): void => {
    polling?.abort();
    polling = null;
    timers.poll();
  };

  const poll = async (): Promise<void> => {
    const controller = polling;
    if (controller === null) return;
    try {
      const [status, checklist, placement] = await Promise.all(
        (['/api/status', '/api/checklist', '/api/placement'] as const).map((path) =>
          environment.fetchJson(path, controller.signal),
        ),
      );
      if (controller.signal.aborted) return;
      const polled = {
        status: statusSchema.parse(status),
        checklist: checklistSchema.parse(checklist),
        placement: placementSchema.parse(placement),
      };
      dispatch({ type: 'polled', ...polled, atMs: environment.nowMs() });
      if (phase !== 'polling') toPhase('polling');
    } catch {
      if (controller.signal.aborted) return;
      if (phase !== 'reconnecting') toPhase('reconnecting');
    }
    arm('poll', () => void poll(), POLL_INTERVAL_MS);
  };

  const startPolling = (): void => {
    if (polling !== null) return;
    polling = new AbortController();
    void poll();
  };

  const reopenLater = (delayMs = reopenDelayMs(attempt, environment.random())): void => {
    closeSource();
    attempt += 1;
    if (phase !== 'polling' && phase !== 'reconnecting') toPhase('reconnecting');
    if (environment.nowMs() - silentSinceMs >= FIRST_EVENT_MS) startPolling();
    arm('reopen', open, delayMs);
  };

  const onSilence = (hasSpoken: boolean): void => {
    if (hasSpoken) {
      attempt = 0;
      reopenLater();
      return;
    }
    closeSource();
    startPolling();
    arm('reopen', open, STREAM_RETRY_MS);
  };

  function open(): void {
    if (isStopped) return;
    closeSource();
    timers.reopen();
    const mine = generation;
    let hasSpoken = false;
    const opened = environment.openEventSource('/api/events');
    source = opened;
    arm('watchdog', () => onSilence(hasSpoken), FIRST_EVENT_MS);

    opened.addEventListener('error', () => {
      if (mine !== generation) return;
      // While polling works, a refused stream is tried again at the calm pace.
      reopenLater(phase === 'polling' ? STREAM_RETRY_MS : undefined);
    });
    for (const type of LIVE_EVENT_TYPES) {
      opened.addEventListener(type, ({ data }) => {
        if (mine !== generation) return;
        const event = parseEvent(type, data);
        if (event === null) {
          reopenLater();
          return;
        }
        hasSpoken = true;
        hasEverSpoken = true;
        silentSinceMs = environment.nowMs();
        arm('watchdog', () => onSilence(true), PATIENCE_MS);
        stopPolling();
        if (event.type === 'snapshot') attempt = 0;
        dispatch({ type: 'event', event, atMs: silentSinceMs });
        if (event.type === 'restarting') {
          reopenLater(event.retryMs + event.retryMs * environment.random());
          return;
        }
        if (phase !== 'streaming' && event.type === 'snapshot') toPhase('streaming');
      });
    }
  }

  open();

  return {
    wake(): void {
      const isAlive = source !== null && hasEverSpoken && environment.nowMs() - silentSinceMs < PATIENCE_MS;
      if (isStopped || isAlive) return;
      attempt = 0;
      open();
    },
    resync(): void {
      if (isStopped) return;
      closeSource();
      arm('reopen', open, reopenDelayMs(0, environment.random()));
    },
    stop(): void {
      isStopped = true;
      closeSource();
      stopPolling();
      timers.reopen();
    },
  };
}
