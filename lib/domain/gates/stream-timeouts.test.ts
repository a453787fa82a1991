import { describe, expect, test } from 'vitest';
import { buildCluster } from '../testing/build-cluster';
import { buildHttpRoute, buildMeta, buildRoute } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { durationSeconds } from './stream-timeouts';

test.each([
  ['30s', 30],
  ['5m', 300],
  ['1h30m', 5_400],
  ['500ms', 0.5],
  ['0s', 0],
  ['soon', null],
  ['', null],
  ['30', null],
])('%j is %s seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

describe('stream-timeouts', () => {
  const route = (arm: 'baseline' | 'distributed', timeout: string | null) =>
    buildRoute(arm, {
      meta: buildMeta({
        name: `route-${arm}`,
        annotations: timeout === null ? {} : { 'haproxy.router.openshift.io/timeout': timeout },
      }),
    });
  const http = (request: string | null) => buildHttpRoute({ timeouts: [{ request, backendRequest: null }] });

  test.each([
    ['an edge Route of 30 s', [route('baseline', '30s')], http('0s'), 'warn'],
    ['an edge Route with the router’s default', [route('baseline', null)], http('0s'), 'warn'],
    ['an edge Route of 5 minutes', [route('baseline', '5m')], http('0s'), 'pass'],
    ['a passthrough Route, which is a tunnel', [route('distributed', null)], http('0s'), 'pass'],
    ['an HTTPRoute of 60 s', [route('baseline', '300s')], http('60s'), 'warn'],
    ['an HTTPRoute without limits', [route('baseline', '300s')], http(null), 'pass'],
  ] as const)('%s: %#', (_name, routes, httpRoute, status) => {
    const cluster = buildCluster({ routes, httproutes: [httpRoute] });
    expect(gateOf('stream-timeouts', { cluster }).status).toBe(status);
  });

  test('does not apply where nothing leads to the arms', () => {
    const cluster = buildCluster({ routes: [], httproutes: [] });
    expect(gateOf('stream-timeouts', { cluster }).status).toBe('not-applicable');
  });
});
