import { PATIENCE_MS } from '@/lib/contracts/live-event';
import type { LiveLink } from './live-link';
import type { LiveAction, LiveState } from './live-state';

/** Name of the lock and the channel; the number changes when the messages do, so that old tabs are left alone. */
const SHARED_STREAM_NAME = 'llm-d-live/1';

/** The part of Web Locks that is used. */
export interface LocksLike {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    callback: () => Promise<void>,
  ): Promise<unknown>;
}

/** The part of BroadcastChannel that is used. */
export interface ChannelLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** `alive`: the holder has nothing new, for instance because the server is away; it need not be replaced. */
type TabMessage = { kind: 'ask' } | { kind: 'alive' } | { kind: 'action'; action: LiveAction };

const ALIVE_INTERVAL_MS = 5_000;

export interface SharedStreamOptions {
  /** `null` where the browser has none: then every tab opens a stream of its own. */
  locks: LocksLike | null;
  openChannel: ((name: string) => ChannelLike) | null;
  openLink(dispatch: (action: LiveAction) => void): LiveLink;
  getState(): LiveState;
  dispatch(action: LiveAction): void;
  setTimer(callback: () => void, delayMs: number): () => void;
  /** A hidden tab leaves the stream to others; only a visible one takes it away from a silent holder. */
  isVisible(): boolean;
}

export interface SharedStream {
  wake(): void;
  stop(): void;
}

function isTabMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false;
  return data.kind === 'ask' || data.kind === 'alive' || data.kind === 'action';
}

/**
 * One stream per browser: HTTP/1.1 allows six connections per origin over all tabs (platform-pitfalls §4.1). The tab that
 * holds the lock has the stream and passes on what it hears; when it closes, the lock goes to another; when it falls
 * silent, a visible tab takes the lock away.
 */
export function shareStream(options: SharedStreamOptions): SharedStream {
  const { locks, openChannel } = options;
  let link: LiveLink | null = null;
  let isStopped = false;

  const dispatchAndHeal = (action: LiveAction): void => {
    options.dispatch(action);
    if (action.type === 'event' && options.getState().isGapped) link?.resync();
  };

  if (locks === null || openChannel === null) {
    link = options.openLink(dispatchAndHeal);
    return {
      wake: () => link?.wake(),
      stop: () => link?.stop(),
    };
  }

  const channel = openChannel(SHARED_STREAM_NAME);
  const waiting = new AbortController();
  let release: (() => void) | null = null;
  let cancelSilence = (): void => {};
  let cancelAlive = (): void => {};

  const post = (message: TabMessage): void => channel.postMessage(message);

  const watchHolder = (): void => {
    cancelSilence();
    cancelSilence = options.setTimer(() => {
      if (link !== null || isStopped) return;
      options.dispatch({ type: 'phase', phase: 'reconnecting' });
      if (options.isVisible()) lead(true);
      else watchHolder();
    }, PATIENCE_MS);
  };

  const sayAlive = (): void => {
    cancelAlive = options.setTimer(() => {
      post({ kind: 'alive' });
      sayAlive();
    }, ALIVE_INTERVAL_MS);
  };

  const follow = (): void => {
    cancelAlive();
    link?.stop();
    link = null;
    release = null;
    if (isStopped) return;
    watchHolder();
    post({ kind: 'ask' });
  };

  function lead(isTakeOver: boolean): void {
    locks
      ?.request(SHARED_STREAM_NAME, isTakeOver ? { steal: true } : { signal: waiting.signal }, () => {
        if (isStopped || link !== null) return Promise.resolve();
        cancelSilence();
        sayAlive();
        link = options.openLink((action) => {
          dispatchAndHeal(action);
          post({ kind: 'action', action });
        });
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => {
        // Taken away by another tab, or no longer waiting: follow, and stand in line again.
        if (isStopped) return;
        follow();
        lead(false);
      });
  }

  channel.addEventListener('message', ({ data }) => {
    if (isStopped || !isTabMessage(data)) return;
    if (data.kind === 'ask') {
      if (link !== null) post({ kind: 'action', action: { type: 'adopt', state: options.getState() } });
      return;
    }
    if (link !== null) return;
    if (data.kind === 'action') options.dispatch(data.action);
    watchHolder();
  });

  follow();
  lead(false);

  return {
    wake(): void {
      if (link !== null) link.wake();
      else post({ kind: 'ask' });
    },
    stop(): void {
      isStopped = true;
      cancelSilence();
      cancelAlive();
      link?.stop();
      link = null;
      waiting.abort();
      release?.();
      channel.close();
    },
  };
}
