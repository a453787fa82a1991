import { describe, expect, it } from 'vitest';
import type { LiveLink } from './live-link';
import { INITIAL_LIVE_STATE, type LiveAction, type LiveState, reduceLive } from './live-state';
import { type ChannelLike, type LocksLike, type SharedStream, shareStream } from './shared-stream';
import { aChecklist, aPlacement, aStatus, NOON_MS } from './testing/live-fixtures';
import { createManualTimers, type ManualTimers } from './testing/manual-timers';

const SNAPSHOT: LiveAction = {
  type: 'event',
  event: { type: 'snapshot', seq: 1, status: aStatus(), checklist: aChecklist(), placement: aPlacement() },
  atMs: NOON_MS,
};

/** Web Locks of one browser: one holder, a queue, and stealing. */
class FakeLocks implements LocksLike {
  #holder: { end: (error: Error | null) => void } | null = null;
  #queue: (() => void)[] = [];

  request(
    _: string,
    options: { signal?: AbortSignal; steal?: boolean },
    callback: () => Promise<void>,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      const grant = (): void => {
        if (!isWaiting) {
          this.#next();
          return;
        }
        isWaiting = false;
        const holder = {
          end: (error: Error | null): void => {
            if (this.#holder === holder) this.#holder = null;
            if (error === null) resolve(undefined);
            else reject(error);
          },
        };
        this.#holder = holder;
        void callback().then(() => {
          if (this.#holder !== holder) return;
          holder.end(null);
          this.#next();
        });
      };
      options.signal?.addEventListener('abort', () => {
        if (!isWaiting) return;
        isWaiting = false;
        reject(new Error('no longer waiting'));
      });
      if (options.steal === true) {
        this.#holder?.end(new Error('stolen'));
        grant();
      } else if (this.#holder === null) grant();
      else this.#queue.push(grant);
    });
  }

  #next(): void {
    this.#queue.shift()?.();
  }
}

/** BroadcastChannel of one browser, delivering at once. */
class FakeChannels {
  #open = new Set<{ listeners: ((event: { data: unknown }) => void)[]; isMuted: boolean }>();

  open(isMuted = false): ChannelLike {
    const mine = { listeners: [] as ((event: { data: unknown }) => void)[], isMuted };
    this.#open.add(mine);
    return {
      postMessage: (message) => {
        if (mine.isMuted) return;
        for (const other of [...this.#open]) {
          if (other === mine) continue;
          for (const listener of other.listeners) listener({ data: structuredClone(message) });
        }
      },
      addEventListener: (_, listener) => {
        mine.listeners.push(listener);
      },
      close: () => this.#open.delete(mine),
    };
  }
}

interface Tab {
  stream: SharedStream;
  state(): LiveState;
  /** What its own link would report; `null` while it follows. */
  hear: ((action: LiveAction) => void) | null;
  opened: number;
  resyncs: number;
}

class Browser {
  readonly timers: ManualTimers = createManualTimers(NOON_MS);
  #locks = new FakeLocks();
  #channels = new FakeChannels();

  openTab({ isVisible = true, isMuted = false, hasSharing = true } = {}): Tab {
    let state = INITIAL_LIVE_STATE;
    const tab: Omit<Tab, 'stream'> = { state: () => state, hear: null, opened: 0, resyncs: 0 };
    const stream = shareStream({
      locks: hasSharing ? this.#locks : null,
      openChannel: hasSharing ? () => this.#channels.open(isMuted) : null,
      openLink: (dispatch): LiveLink => {
        tab.opened += 1;
        tab.hear = dispatch;
        return {
          wake: () => {},
          resync: () => {
            tab.resyncs += 1;
          },
          stop: () => {
            tab.hear = null;
          },
        };
      },
      getState: () => state,
      dispatch: (action) => {
        state = reduceLive(state, action);
      },
      setTimer: this.timers.setTimer,
      isVisible: () => isVisible,
    });
    return Object.assign(tab, { stream });
  }
}

describe('shared stream', () => {
  it('opens one stream for seven tabs, and all of them see the same', async () => {
    const browser = new Browser();
    const tabs = Array.from({ length: 7 }, () => browser.openTab());
    tabs[0]?.hear?.(SNAPSHOT);
    expect(tabs.map((tab) => tab.opened)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    for (const tab of tabs) expect(tab.state()).toEqual(tabs[0]?.state());
    expect(tabs[6]?.state().checklist).toEqual(aChecklist());
  });

  it('gives a tab that comes later the whole state', () => {
    const browser = new Browser();
    const first = browser.openTab();
    first.hear?.(SNAPSHOT);
    const second = browser.openTab();
    expect(second.state().placement).toEqual(aPlacement());
    expect(second.opened).toBe(0);
  });

  it('hands the stream on when its tab closes', async () => {
    const browser = new Browser();
    const first = browser.openTab();
    const second = browser.openTab();
    first.stream.stop();
    await browser.timers.advance(0);
    expect(second.opened).toBe(1);
  });

  it('takes the stream away from a tab that has fallen silent', async () => {
    const browser = new Browser();
    const frozen = browser.openTab({ isMuted: true });
    const visible = browser.openTab();
    await browser.timers.advance(12_000);
    expect(visible.opened).toBe(1);
    expect(frozen.hear).toBeNull();
    visible.hear?.(SNAPSHOT);
    expect(frozen.state().checklist).toEqual(aChecklist());
  });

  it('leaves the stream with its holder while only the server is away', async () => {
    const browser = new Browser();
    const holder = browser.openTab();
    const follower = browser.openTab();
    holder.hear?.({ type: 'phase', phase: 'reconnecting' });
    await browser.timers.advance(60_000);
    expect([holder.opened, follower.opened]).toEqual([1, 0]);
    expect(follower.state().phase).toBe('reconnecting');
  });

  it('leaves a silent holder alone while hidden, but says that it hears nothing', async () => {
    const browser = new Browser();
    browser.openTab({ isMuted: true });
    const hidden = browser.openTab({ isVisible: false });
    await browser.timers.advance(30_000);
    expect(hidden.opened).toBe(0);
    expect(hidden.state().phase).toBe('reconnecting');
  });

  it('asks for a snapshot when an event was missed, in the tab that holds the stream', () => {
    const browser = new Browser();
    const first = browser.openTab();
    const second = browser.openTab();
    first.hear?.(SNAPSHOT);
    first.hear?.({
      type: 'event',
      event: { type: 'patch', seq: 5, target: 'status', ops: [] },
      atMs: NOON_MS,
    });
    expect(first.resyncs).toBe(1);
    expect(second.resyncs).toBe(0);
  });

  it('opens its own stream where the browser cannot share', () => {
    const browser = new Browser();
    const tabs = [browser.openTab({ hasSharing: false }), browser.openTab({ hasSharing: false })];
    expect(tabs.map((tab) => tab.opened)).toEqual([1, 1]);
    tabs[0]?.stream.stop();
    expect(tabs[0]?.hear).toBeNull();
  });
});
