import { describe, expect, it } from 'vitest';
import { loadStartedSchema, loadStateSchema } from '@/lib/contracts/load';
import type { EndpointPath } from '@/lib/domain/endpoints';
import { type LoadEnd, type LoadPlan, type LoadSample, toChartTimes } from '@/lib/domain/load';
import type { Arm } from '@/lib/domain/vocabulary';
import { anEndpoint } from '@/lib/server/inference/testing/relay-harness';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { LoadListener, LoadOrder } from './load-order';
import { createLoadService, type LoadServiceOptions } from './load-service';
import { createSampleStore } from './sample-store';

const PLAN: LoadPlan = { usersPerArm: 4, arms: ['baseline', 'distributed'], path: null, shape: 'documents' };

function pathsOf(arm: Arm): EndpointPath[] {
  const endpoint = { ...anEndpoint(new URL('https://model.example.com')), arm };
  return [
    { ...endpoint, usable: false },
    { ...endpoint, path: 'route', throughScheduler: false },
    { ...endpoint, path: 'service', baseUrl: null },
  ];
}

function aService(overrides: Partial<LoadServiceOptions> = {}) {
  const clock = createManualClock();
  const orders: LoadOrder[] = [];
  const told: string[] = [];
  const ends: LoadEnd[] = [];
  let listener: LoadListener | null = null;
  const service = createLoadService({
    maxUsers: 8,
    needsToken: false,
    paths: pathsOf,
    apiKeys: { baseline: null, distributed: 'key' },
    run: (order, heard) => {
      orders.push(order);
      listener = heard;
      return { keep: () => told.push('keep'), stop: (because) => told.push(`stop ${because}`) };
    },
    samples: createSampleStore(),
    chartTimes: (startedAt) => toChartTimes(startedAt, 5, 20),
    clock,
    onEnded: (because) => ends.push(because),
    ...overrides,
  });
  const running = (): LoadListener => {
    if (listener === null) throw new Error('no load was started');
    return listener;
  };
  return { service, clock, orders, told, ends, running };
}

function refusal(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    const { status, code, message } = error as Record<string, unknown>;
    return { status, code, message };
  }
}

function aSample(overrides: Partial<LoadSample>): LoadSample {
  return {
    arm: 'baseline',
    origin: 'load',
    sentAt: '2026-01-15T09:00:01.000Z',
    path: 'route',
    outcome: 'answered',
    code: null,
    ttftMs: 300,
    meanItlMs: 50,
    e2eMs: 9_000,
    promptTokens: 256,
    completionTokens: 256,
    cachedPromptTokens: null,
    ...overrides,
  };
}

describe('the background load of this dashboard', () => {
  it('is off until somebody starts it, and off altogether without a ceiling', () => {
    expect(aService().service.state(true)).toEqual({
      observedAt: '2026-01-15T09:00:00.000Z',
      phase: 'off',
      maxUsers: 8,
      needsToken: false,
      plan: null,
      startedAt: null,
      endedAt: null,
      endedBecause: null,
      chartTimes: null,
      unchartedArms: [],
      arms: [],
      samples: [],
    });
    const { service } = aService({ maxUsers: null });
    expect(refusal(() => service.start(PLAN))).toEqual({
      status: 403,
      code: 'load-not-allowed',
      message: 'No background load may be started here: LOAD_MAX_USERS is not set.',
    });
  });

  it('goes the way the chat would go, with each arm’s own key, and says when the charts will show it', () => {
    const { service, orders } = aService();
    const started = loadStartedSchema.parse(service.start(PLAN));
    expect(orders[0]?.targets.map(({ endpoint, apiKey }) => [endpoint.arm, endpoint.path, apiKey])).toEqual([
      ['baseline', 'route', null],
      ['distributed', 'route', 'key'],
    ]);
    expect(started.state).toMatchObject({
      phase: 'running',
      plan: PLAN,
      startedAt: '2026-01-15T09:00:00.000Z',
      chartTimes: {
        scrapeIntervalSeconds: 5,
        rateWindowSeconds: 20,
        firstAt: '2026-01-15T09:00:05.000Z',
        whollyAt: '2026-01-15T09:00:25.000Z',
      },
    });
    expect(JSON.stringify(started)).not.toContain('"key"');
  });

  it('says whose load no chart of pods can show, because its configured URL may lead elsewhere', () => {
    const ways = (arm: Arm): EndpointPath[] => {
      const [gateway, route] = pathsOf(arm);
      if (gateway === undefined || route === undefined) throw new Error('two ways');
      const configured = { ...route, path: 'override' as const };
      const url = arm === 'baseline' ? 'https://elsewhere.example' : route.baseUrl;
      return [{ ...configured, baseUrl: url }, gateway, route];
    };
    const { service } = aService({ paths: ways });
    const { state } = loadStartedSchema.parse(service.start(PLAN));
    expect(state.arms.map(({ path }) => path)).toEqual(['override', 'override']);
    expect(state.unchartedArms).toEqual(['baseline']);
    expect(service.spans()).toMatchObject([{ unchartedArms: ['baseline'] }]);
  });

  it('goes a chosen way, or says that it cannot', () => {
    const { service, orders } = aService();
    service.start({ ...PLAN, path: 'gateway' });
    expect(orders[0]?.targets.map(({ endpoint }) => endpoint.path)).toEqual(['gateway', 'gateway']);
    expect(refusal(() => aService().service.start({ ...PLAN, path: 'service' }))).toMatchObject({
      status: 409,
      code: 'no-endpoint',
      message: 'The baseline service cannot be reached by service now.',
    });
  });

  it('never goes above the ceiling, both arms together', () => {
    const { service, orders } = aService();
    expect(refusal(() => service.start({ ...PLAN, usersPerArm: 5 }))).toEqual({
      status: 400,
      code: 'bad-input',
      message: 'usersPerArm: 10 virtual users are more than the 8 that LOAD_MAX_USERS allows',
    });
    expect(orders).toEqual([]);
    expect(refusal(() => service.start({ ...PLAN, usersPerArm: 8, arms: ['baseline'] }))).toBeNull();
  });

  it('runs once: a second start is refused until the first has ended', () => {
    const { service, orders, running, ends } = aService();
    service.start(PLAN);
    expect(refusal(() => service.start(PLAN))).toMatchObject({ status: 409, code: 'load-running' });
    service.stop();
    expect(service.state(false).phase).toBe('stopping');
    expect(refusal(() => service.start(PLAN))).toMatchObject({ status: 409, code: 'load-running' });
    running().onEnded('stopped');
    expect(service.state(false)).toMatchObject({ phase: 'off', endedBecause: 'stopped' });
    expect(ends).toEqual(['stopped']);
    service.start(PLAN);
    expect(orders).toHaveLength(2);
  });

  it('is kept alive only by the page that started it', () => {
    const { service, told } = aService();
    const { runId } = service.start(PLAN);
    service.keep(runId);
    expect(told).toEqual(['keep']);
    expect(refusal(() => service.keep('00000000-0000-4000-8000-000000000000'))).toMatchObject({
      status: 404,
      code: 'no-such-load',
    });
    expect(told).toEqual(['keep']);
  });

  it('may be stopped by anybody, twice without harm', () => {
    const { service, told } = aService();
    service.stop();
    service.start(PLAN);
    service.stop();
    service.stop();
    expect(told).toEqual(['stop stopped', 'stop stopped']);
  });

  it('tells per arm what its own requests measured, beside those of the chat', () => {
    const { service, running } = aService();
    service.start(PLAN);
    const progress = {
      path: 'route',
      inFlight: 4,
      answered: 2,
      failed: 0,
      lastFailure: null,
      slowedUntil: null,
    } as const;
    running().onReport({
      progress: [
        { arm: 'baseline', ...progress },
        { arm: 'distributed', ...progress },
      ],
      samples: [
        aSample({ ttftMs: 300 }),
        aSample({ ttftMs: 500 }),
        aSample({ origin: 'chat', ttftMs: 1 }),
        aSample({ sentAt: '2026-01-15T08:00:00.000Z', ttftMs: 9_999 }),
      ],
    });
    const state = loadStateSchema.parse(service.state(true));
    expect(state.arms.map(({ arm, inFlight, ttft }) => [arm, inFlight, ttft])).toEqual([
      ['baseline', 4, { count: 2, p50Ms: 300, p95Ms: 500 }],
      ['distributed', 4, { count: 0, p50Ms: null, p95Ms: null }],
    ]);
    expect(state.samples).toHaveLength(4);
    expect(service.state(false).samples).toEqual([]);
  });

  it('keeps the newest thousand samples of the load, and does not lose those of the chat for them', () => {
    const store = createSampleStore();
    store.add([aSample({ origin: 'chat', ttftMs: 1 })]);
    for (let index = 0; index < 30; index += 1) {
      store.add(Array.from({ length: 100 }, (_, inner) => aSample({ ttftMs: index * 100 + inner })));
    }
    expect(store.list()).toHaveLength(1_001);
    expect(store.list().slice(0, 2)).toMatchObject([{ ttftMs: 1 }, { ttftMs: 2_000 }]);
    expect(store.list().at(-1)?.ttftMs).toBe(2_999);
  });

  it('ends with the server', async () => {
    const { service, told, running } = aService();
    service.start(PLAN);
    const down = service.shutdown();
    expect(told).toEqual(['stop shutdown']);
    running().onEnded('shutdown');
    await down;
    await aService().service.shutdown();
  });
});
