import { describe, expect, it } from 'vitest';
import type { LoadState } from '@/lib/contracts/load';
import type { LoadPlan } from '@/lib/domain/load';
import { createLoadStore } from './load-store';
import { createManualTimers } from './testing/manual-timers';

const PLAN: LoadPlan = { usersPerArm: 4, arms: ['distributed'], path: null, shape: 'documents' };
const RUN_ID = '0b0e5a52-8c58-4d3c-9c0d-1f6d5a1c9b11';
const OFF: LoadState = {
  observedAt: '2026-01-15T09:00:00.000Z',
  phase: 'off',
  maxUsers: 16,
  needsToken: false,
  plan: null,
  startedAt: null,
  endedAt: null,
  endedBecause: null,
  chartTimes: null,
  unchartedArms: [],
  arms: [],
  samples: [],
};
const RUNNING: LoadState = { ...OFF, phase: 'running', plan: PLAN, startedAt: '2026-01-15T09:00:00.000Z' };

interface Asked {
  method: string;
  url: string;
  body: unknown;
  token: string | null;
}

function aStore(answer: (asked: Asked) => { status?: number; body: unknown } | 'lost') {
  const timers = createManualTimers(0);
  const asked: Asked[] = [];
  const store = createLoadStore({
    setTimer: timers.setTimer,
    fetch: async (url, init) => {
      const request: Asked = {
        method: init?.method ?? 'GET',
        url: String(url),
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : null,
        token: new Headers(init?.headers).get('authorization'),
      };
      asked.push(request);
      const answered = answer(request);
      if (answered === 'lost') throw new TypeError('network');
      return Response.json(answered.body, { status: answered.status ?? 200 });
    },
  });
  return { store, asked, timers };
}

const actions = (asked: readonly Asked[]): unknown[] =>
  asked.filter(({ method }) => method === 'POST').map(({ body }) => (body as { action: string }).action);

function starting({ body }: Asked): { body: unknown } {
  if (body === null) return { body: RUNNING };
  const { action } = body as { action: string };
  if (action === 'start') return { body: { runId: RUN_ID, state: RUNNING } };
  return { body: action === 'keep' ? { kept: true } : { ...RUNNING, phase: 'stopping' } };
}

describe('the background load on a page', () => {
  it('is asked for only while somebody looks', async () => {
    const { store, asked, timers } = aStore(() => ({ body: OFF }));
    const leave = store.subscribe(() => undefined);
    await timers.advance(10_000);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toEqual({ method: 'GET', url: '/api/load?samples=no', body: null, token: null });
    expect(store.getView()).toEqual({ state: OFF, problem: null, isOwner: false, isBusy: false });
    leave();
    await timers.advance(60_000);
    expect(asked).toHaveLength(3);
  });

  it('is kept going once a second by the page that started it, also when nobody looks', async () => {
    const { store, asked, timers } = aStore(starting);
    await store.start(PLAN, 'secret');
    expect(store.getView()).toMatchObject({ isOwner: true, isBusy: false, state: { phase: 'running' } });
    await timers.advance(3_000);
    expect(actions(asked)).toEqual(['start', 'keep', 'keep', 'keep', 'keep']);
    // The token goes with the start alone.
    expect(asked.map(({ token }) => token)).toEqual(['Bearer secret', null, null, null, null]);
  });

  it('stops when told, with the id that proves who started it, and is not kept any more', async () => {
    const { store, asked, timers } = aStore(starting);
    await store.start(PLAN, null);
    await store.stop(null);
    await timers.advance(5_000);
    expect(asked.at(-1)?.body).toEqual({ action: 'stop', runId: RUN_ID });
    expect(store.getView()).toMatchObject({ isOwner: false, state: { phase: 'stopping' } });
  });

  it('is no longer this page’s when the dashboard does not know it any more', async () => {
    const { store, asked, timers } = aStore((request) =>
      (request.body as { action?: string } | null)?.action === 'keep'
        ? { status: 404, body: { error: { code: 'no-such-load', message: 'Gone.' } } }
        : starting(request),
    );
    await store.start(PLAN, null);
    await timers.advance(5_000);
    expect(actions(asked)).toEqual(['start', 'keep']);
    expect(store.getView().isOwner).toBe(false);
  });

  it('is held on to through a moment without network', async () => {
    let isLost = false;
    const { store, asked, timers } = aStore((request) => (isLost ? 'lost' : starting(request)));
    await store.start(PLAN, null);
    isLost = true;
    await timers.advance(2_000);
    isLost = false;
    await timers.advance(2_000);
    expect(store.getView().isOwner).toBe(true);
    expect(actions(asked)).toHaveLength(6);
  });

  it('says in the dashboard’s words why it did not start', async () => {
    const { store } = aStore(({ body }) =>
      body === null
        ? { body: OFF }
        : {
            status: 409,
            body: { error: { code: 'load-running', message: 'A background load runs already.' } },
          },
    );
    await store.start(PLAN, null);
    expect(store.getView()).toMatchObject({
      problem: 'A background load runs already.',
      isOwner: false,
      isBusy: false,
    });
  });
});
