import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/lib/contracts/live-event';
import { type EventSourceLike, type LiveLink, openLiveLink, reopenDelayMs } from './live-link';
import { INITIAL_LIVE_STATE, type LiveState, reduceLive } from './live-state';
import { aChecklist, aPlacement, aStatus, NOON, NOON_MS } from './testing/live-fixtures';
import { createManualTimers, type ManualTimers } from './testing/manual-timers';

const HELLO: LiveEvent = { type: 'hello', buildId: 'build-1', mode: 'simulated', heartbeatMs: 5_000 };
const SNAPSHOT: LiveEvent = {
  type: 'snapshot',
  seq: 1,
  status: aStatus(),
  checklist: aChecklist(),
  placement: aPlacement(),
};
const HEARTBEAT: LiveEvent = { type: 'heartbeat', seq: 1, at: NOON };

class FakeEventSource implements EventSourceLike {
  isClosed = false;
  #listeners = new Map<string, ((event: { data?: unknown }) => void)[]>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.isClosed = true;
  }

  send({ type, ...data }: LiveEvent): void {
    this.sendRaw(type, JSON.stringify(data));
  }

  sendRaw(type: string, data?: string): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}

interface Scene {
  timers: ManualTimers;
  link: LiveLink;
  sources: FakeEventSource[];
  state(): LiveState;
  newest(): FakeEventSource;
  polls: string[];
  answers: Record<string, unknown> | null;
}

function aScene(): Scene {
  const timers = createManualTimers(NOON_MS);
  const sources: FakeEventSource[] = [];
  const polls: string[] = [];
  let state = INITIAL_LIVE_STATE;
  const scene: Omit<Scene, 'link'> = {
    timers,
    sources,
    polls,
    answers: null,
    state: () => state,
    newest: () => sources.at(-1) ?? new FakeEventSource(),
  };
  const link = openLiveLink(
    {
      openEventSource: () => {
        const source = new FakeEventSource();
        sources.push(source);
        return source;
      },
      fetchJson: async (path) => {
        polls.push(path);
        const answer = scene.answers?.[path];
        if (answer === undefined) throw new Error('unreachable');
        return answer;
      },
      setTimer: timers.setTimer,
      nowMs: timers.nowMs,
      random: () => 0,
    },
    (action) => {
      state = reduceLive(state, action);
    },
  );
  return Object.assign(scene, { link });
}

const ANSWERS = { '/api/status': aStatus(), '/api/checklist': aChecklist(), '/api/placement': aPlacement() };

describe('live link', () => {
  it('streams: hello, snapshot, and then it is live', () => {
    const scene = aScene();
    expect(scene.state().phase).toBe('connecting');
    scene.newest().send(HELLO);
    scene.newest().send(SNAPSHOT);
    expect(scene.state().phase).toBe('streaming');
    expect(scene.state().checklist).toEqual(aChecklist());
  });

  it('gives up after 12 s of silence, says so, and opens a new stream', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    await scene.timers.advance(11_999);
    expect(scene.state().phase).toBe('streaming');
    await scene.timers.advance(1);
    expect(scene.state().phase).toBe('reconnecting');
    expect(scene.sources[0]?.isClosed).toBe(true);
    await scene.timers.advance(500);
    expect(scene.sources).toHaveLength(2);
    scene.newest().send(SNAPSHOT);
    expect(scene.state().phase).toBe('streaming');
  });

  it('lives on as long as hearts beat', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    for (let beat = 0; beat < 6; beat += 1) {
      await scene.timers.advance(5_000);
      scene.newest().send(HEARTBEAT);
    }
    expect(scene.sources).toHaveLength(1);
    expect(scene.state().phase).toBe('streaming');
  });

  it('opens again by itself after an error, which EventSource would not do after a 503', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    scene.newest().sendRaw('error');
    expect(scene.state().phase).toBe('reconnecting');
    expect(scene.state().checklist).toEqual(aChecklist());
    await scene.timers.advance(500);
    expect(scene.sources).toHaveLength(2);
  });

  it('waits longer after each refusal, at most 5 s and half of it', () => {
    expect([0, 1, 2, 3, 4, 9].map((attempt) => reopenDelayMs(attempt, 0))).toEqual([
      500, 1_000, 2_000, 4_000, 5_000, 5_000,
    ]);
    expect(reopenDelayMs(9, 0.999)).toBeLessThan(7_500);
  });

  it('polls when no event comes within 10 s, and asks for the stream again every minute', async () => {
    const scene = aScene();
    scene.answers = ANSWERS;
    await scene.timers.advance(10_000);
    expect(scene.state().phase).toBe('polling');
    expect(scene.state().placement).toEqual(aPlacement());
    expect(scene.polls).toHaveLength(3);
    await scene.timers.advance(4_000);
    expect(scene.polls).toHaveLength(9);
    await scene.timers.advance(56_000);
    expect(scene.sources).toHaveLength(2);
    scene.newest().send(SNAPSHOT);
    expect(scene.state().phase).toBe('streaming');
    const pollsUntilNow = scene.polls.length;
    await scene.timers.advance(5_000);
    expect(scene.polls).toHaveLength(pollsUntilNow);
  });

  it('polls as well when streams are refused for 10 s', async () => {
    const scene = aScene();
    scene.answers = ANSWERS;
    const refuse = async (forMs: number): Promise<void> => {
      for (let passed = 0; passed < forMs; passed += 500) {
        scene.newest().sendRaw('error');
        await scene.timers.advance(500);
      }
    };
    await refuse(9_000);
    expect(scene.state().phase).toBe('reconnecting');
    await refuse(6_000);
    expect(scene.state().phase).toBe('polling');
  });

  it('keeps the last values and says reconnecting while polls fail too', async () => {
    const scene = aScene();
    scene.answers = ANSWERS;
    await scene.timers.advance(10_000);
    scene.answers = null;
    await scene.timers.advance(2_000);
    expect(scene.state().phase).toBe('reconnecting');
    expect(scene.state().status).toEqual(aStatus());
    scene.answers = ANSWERS;
    await scene.timers.advance(2_000);
    expect(scene.state().phase).toBe('polling');
  });

  it('opens again when an event cannot be read', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    scene.newest().sendRaw('patch', '{"seq":2,"target":"weather","ops":[]}');
    await scene.timers.advance(500);
    expect(scene.sources).toHaveLength(2);
    scene.newest().sendRaw('snapshot', '{half');
    await scene.timers.advance(1_000);
    expect(scene.sources).toHaveLength(3);
  });

  it('waits as long as a restarting server asks for', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    scene.newest().send({ type: 'restarting', retryMs: 1_000 });
    expect(scene.state().phase).toBe('reconnecting');
    await scene.timers.advance(999);
    expect(scene.sources).toHaveLength(1);
    await scene.timers.advance(1);
    expect(scene.sources).toHaveLength(2);
  });

  it('reopens at once on waking when the stream is not known to be alive', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    scene.link.wake();
    expect(scene.sources).toHaveLength(1);
    scene.newest().sendRaw('error');
    scene.link.wake();
    expect(scene.sources).toHaveLength(2);
    await scene.timers.advance(500);
    expect(scene.sources).toHaveLength(2);
  });

  it('asks for a snapshot by a new stream, not more than twice a second', async () => {
    const scene = aScene();
    scene.newest().send(SNAPSHOT);
    scene.link.resync();
    scene.link.resync();
    expect(scene.sources).toHaveLength(1);
    await scene.timers.advance(500);
    expect(scene.sources).toHaveLength(2);
  });

  it('takes nothing from a stream it has left', async () => {
    const scene = aScene();
    const first = scene.newest();
    first.sendRaw('error');
    await scene.timers.advance(500);
    first.send(SNAPSHOT);
    first.sendRaw('error');
    expect(scene.state().checklist).toBeNull();
    await scene.timers.advance(2_000);
    expect(scene.sources).toHaveLength(2);
  });

  it('leaves nothing running when stopped', async () => {
    const scene = aScene();
    scene.link.stop();
    expect(scene.newest().isClosed).toBe(true);
    await scene.timers.advance(120_000);
    expect(scene.sources).toHaveLength(1);
    expect(scene.polls).toHaveLength(0);
  });
});
