import { openLiveLink } from './live-link';
import { INITIAL_LIVE_STATE, type LiveAction, type LiveState, reduceLive } from './live-state';
import { ownAddress } from './own-address';
import { pageId } from './page-id';
import { randomFraction } from './random';
import { type SharedStream, shareStream } from './shared-stream';

/** The stream outlives its last listener this long: changing screens must not reopen it. */
const GRACE_MS = 5_000;

export interface LiveStore {
  getState(): LiveState;
  /** The first listener opens the stream, the last one closes it. */
  subscribe(listener: () => void): () => void;
}

async function fetchJson(path: `/${string}`, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(ownAddress(path), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function setTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function startStream(getState: () => LiveState, dispatch: (action: LiveAction) => void): SharedStream {
  const stream = shareStream({
    // Web Locks exist only in secure contexts.
    locks: 'locks' in navigator ? navigator.locks : null,
    openChannel: 'BroadcastChannel' in window ? (name) => new BroadcastChannel(name) : null,
    openLink: (dispatchFromLink) =>
      openLiveLink(
        {
          openEventSource: (path) => new EventSource(ownAddress(`${path}?page=${pageId()}`)),
          fetchJson,
          setTimer,
          nowMs: () => Date.now(),
          random: randomFraction,
        },
        dispatchFromLink,
      ),
    getState,
    dispatch,
    setTimer,
    isVisible: () => document.visibilityState === 'visible',
  });

  const leaving = new AbortController();
  const { signal } = leaving;
  const wake = (): void => stream.wake();
  window.addEventListener('online', wake, { signal });
  window.addEventListener('pageshow', wake, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') wake();
    },
    { signal },
  );
  window.addEventListener('offline', () => dispatch({ type: 'phase', phase: 'reconnecting' }), { signal });

  return {
    wake,
    stop(): void {
      leaving.abort();
      stream.stop();
    },
  };
}

function createLiveStore(): LiveStore {
  const listeners = new Set<() => void>();
  let state = INITIAL_LIVE_STATE;
  let stream: SharedStream | null = null;
  let closing: ReturnType<typeof setTimeout> | undefined;

  const dispatch = (action: LiveAction): void => {
    const next = reduceLive(state, action);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      clearTimeout(closing);
      stream ??= startStream(() => state, dispatch);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        closing = setTimeout(() => {
          stream?.stop();
          stream = null;
        }, GRACE_MS);
      };
    },
  };
}

/** The page's one live store. */
export const liveStore: LiveStore = createLiveStore();
