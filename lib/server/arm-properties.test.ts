import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster, FORBIDDEN } from '@/lib/domain/testing/build-cluster';
import { armProperties } from './arm-properties';

const OF_PODS = ['GPUs', 'Replicas'] as const;

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

test('an arm that is seen to have no pod has none', () => {
  expect(countsOf(buildCluster({ pods: [] }))).toEqual(['0', '0']);
});
