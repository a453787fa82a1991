import { expect, test } from 'vitest';
import { resolveEndpoints } from '@/lib/domain/endpoints';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster, FORBIDDEN } from '@/lib/domain/testing/build-cluster';
import type { ServedModel } from '@/lib/server/inference/probe-models';
import { armProperties } from './arm-properties';

const OF_PODS = ['GPUs', 'Engine pods'] as const;

function countsOf(cluster: ReturnType<typeof buildCluster>): (string | null | undefined)[] {
  const { properties } = armProperties('distributed', DEFAULT_SETTINGS, cluster, [], []);
  return OF_PODS.map((name) => properties[name]);
}

test('GPUs and replicas are counted from the pods of the namespace, or from those of the whole cluster', () => {
  expect(countsOf(buildCluster())).toEqual(['2', '2']);
  const { pods } = buildCluster().resources;
  expect(countsOf(buildCluster({ 'pods-all': pods.items }, { pods: FORBIDDEN }))).toEqual(['2', '2']);
});

test('without the right to list pods neither is known: no zero', () => {
  expect(countsOf(buildCluster({}, { pods: FORBIDDEN, 'pods-all': FORBIDDEN }))).toEqual([null, null]);
});

test('a configured URL says nothing of the way and the context of the pods that are measured', () => {
  const settings = (distributed: string | null) => ({
    ...DEFAULT_SETTINGS,
    endpointOverride: { baseline: null, distributed },
  });
  const cluster = buildCluster();
  const pathOf = (url: string | null) => {
    const paths = resolveEndpoints(settings(url), cluster, []).distributed;
    return armProperties('distributed', settings(url), cluster, paths, []).properties.Path;
  };
  const route = resolveEndpoints(DEFAULT_SETTINGS, cluster, []).distributed.find(
    ({ path }) => path === 'route',
  );
  expect([pathOf(null), pathOf('https://elsewhere.example'), pathOf(route?.baseUrl ?? null)]).toEqual([
    'route',
    null,
    'route',
  ]);
});

test('the context is that of the model that is asked for', () => {
  const contextOfModels = (models: ServedModel[]) =>
    armProperties('distributed', DEFAULT_SETTINGS, buildCluster(), [], models).properties['Context length'];
  const other = { id: 'another', maxModelLength: 1_024 };
  expect(contextOfModels([other, { id: 'mistral-3-distributed', maxModelLength: 32_768 }])).toBe('32768');
  expect(contextOfModels([other])).toBe('1024');
  expect(contextOfModels([other, { ...other, id: 'third' }])).toBeNull();
});

test('an arm that is seen to have no pod has none', () => {
  expect(countsOf(buildCluster({ pods: [] }))).toEqual(['0', '0']);
});
