import { describe, expect, it } from 'vitest';
import type { LoadArm, LoadState } from '@/lib/contracts/load';
import {
  mostUsersPerArm,
  toChartWords,
  toFace,
  toLoadFigure,
  toPlanArms,
  toTrouble,
} from './load-panel-model';

const NINE = Date.UTC(2026, 0, 15, 9, 0, 0);
const NO_VALUES = { count: 0, p50Ms: null, p95Ms: null };
const ARM: LoadArm = {
  arm: 'distributed',
  path: 'gateway',
  inFlight: 4,
  answered: 12,
  failed: 0,
  lastFailure: null,
  slowedUntil: null,
  ttft: { count: 12, p50Ms: 640, p95Ms: 1_200 },
  meanItl: NO_VALUES,
};
const STATE: LoadState = {
  observedAt: '2026-01-15T09:00:00.000Z',
  phase: 'running',
  maxUsers: 16,
  needsToken: false,
  plan: { usersPerArm: 4, arms: ['baseline', 'distributed'], path: null, shape: 'documents' },
  startedAt: '2026-01-15T09:00:00.000Z',
  endedAt: null,
  endedBecause: null,
  chartTimes: {
    scrapeIntervalSeconds: 30,
    rateWindowSeconds: 120,
    firstAt: '2026-01-15T09:00:30.000Z',
    whollyAt: '2026-01-15T09:02:30.000Z',
  },
  unchartedArms: [],
  arms: [ARM],
  samples: [],
};
const OFF: LoadState = { ...STATE, phase: 'off', chartTimes: null };

describe('the state of the load in one line', () => {
  it.each([
    [null, true, 'Asking the dashboard about its load.'],
    [{ ...OFF, maxUsers: null }, true, 'No load from here: LOAD_MAX_USERS is not set.'],
    [OFF, true, 'No load from here.'],
    [
      { ...OFF, endedBecause: 'page-lost' as const },
      true,
      'No load from here. Ended by itself: the page that started it was gone.',
    ],
    [STATE, true, 'Load is on: 4 users on each arm.'],
    [STATE, false, 'Load is on: 4 users on each arm, started by another page.'],
    [
      {
        ...STATE,
        plan: { usersPerArm: 1, arms: ['baseline' as const], path: null, shape: 'documents' as const },
      },
      true,
      'Load is on: 1 user on INT4.',
    ],
    [{ ...STATE, phase: 'stopping' as const }, true, 'Load is stopping.'],
  ])('%#: %s', (state, isOwner, words) => {
    expect(toFace(state, isOwner).words).toBe(words);
  });
});

describe('when the charts show it', () => {
  it.each([
    [0, 'Charts begin to show it in 30 s, and fully in 150 s (scraped every 30 s, rates over 120 s).'],
    [40_000, 'Charts begin to show it now, and fully in 110 s (scraped every 30 s, rates over 120 s).'],
    [150_000, 'Charts show it fully (scraped every 30 s, rates over 120 s).'],
  ])('after %i ms', (elapsedMs, words) => {
    expect(toChartWords(STATE, NINE + elapsedMs)).toBe(words);
  });

  it('is never, or of one arm only, where a configured URL may lead elsewhere', () => {
    expect(toChartWords({ ...STATE, unchartedArms: ['baseline', 'distributed'] }, NINE)).toBe(
      'No chart will show it: a configured URL may lead elsewhere than to the pods of the cluster.',
    );
    expect(toChartWords({ ...STATE, unchartedArms: ['baseline'] }, NINE + 150_000)).toBe(
      'Charts show it fully (scraped every 30 s, rates over 120 s). INT4 not: its URL is configured.',
    );
  });

  it('is said to be unknown where the scrape interval is, and not said without a load', () => {
    expect(toChartWords({ ...STATE, chartTimes: null }, NINE)).toBe(
      'When the charts will show it is not known: the scrape interval is not.',
    );
    expect(toChartWords(OFF, NINE)).toBeNull();
    expect(toChartWords(null, NINE)).toBeNull();
  });
});

describe('the numbers of the load', () => {
  it('carry how many requests they stand on, and say why there is none', () => {
    const context = { mode: 'simulated' as const, observedAt: STATE.observedAt };
    expect(toLoadFigure(ARM, 'ttft', 'p95Ms', context)).toMatchObject({
      state: 'known',
      value: 1_200,
      unit: 'ms',
      provenance: { mode: 'simulated', sampleCount: 12, request: 'GET /api/load' },
    });
    expect(toLoadFigure(ARM, 'meanItl', 'p50Ms', context)).toMatchObject({
      state: 'unknown',
      because: 'The answers so far do not tell: the endpoint reports no token counts, or single tokens only.',
    });
    expect(toLoadFigure({ ...ARM, answered: 0 }, 'meanItl', 'p50Ms', context)).toMatchObject({
      because: 'No request of the load has been answered yet.',
    });
  });

  it('share the ceiling between the arms', () => {
    expect([
      mostUsersPerArm(15, 'both'),
      mostUsersPerArm(15, 'baseline'),
      mostUsersPerArm(1, 'both'),
    ]).toEqual([7, 15, 0]);
    expect(toPlanArms('both')).toEqual(['baseline', 'distributed']);
    expect(toPlanArms('distributed')).toEqual(['distributed']);
  });

  it('tell what went wrong, the present before the past', () => {
    const lastFailure = { at: STATE.observedAt, code: 'unavailable', message: 'Nobody serves (503).' };
    expect(toTrouble(ARM)).toBeNull();
    expect(toTrouble({ ...ARM, failed: 3, lastFailure })).toBe('3 failed, last: Nobody serves (503).');
    expect(toTrouble({ ...ARM, failed: 3, lastFailure, slowedUntil: STATE.observedAt })).toBe(
      'The endpoint asked to wait (429): the load waits.',
    );
  });
});
