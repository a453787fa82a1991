import { expect, test } from 'vitest';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster, NODE, SYNCING } from '@/lib/domain/testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildEnginePod,
  buildGateway,
  buildHttpRoute,
  buildLlmService,
  buildPool,
  buildRoute,
  buildSchedulerPod,
  POD_TROUBLE,
} from '@/lib/domain/testing/build-objects';
import { createServingWatch } from './serving-watch';

const { pods } = buildCluster().resources;
const without = (name: string) => pods.items.filter(({ meta }) => meta.name !== name);
const broken = [buildCondition('Programmed', 'False')];
const parent = { group: '', kind: 'Gateway', namespace: null, name: 'g' };

function changedBy(next: ClusterSnapshot, before = buildCluster()): string[] {
  const look = createServingWatch(DEFAULT_SETTINGS);
  expect(look(before)).toEqual([]);
  return look(next);
}

test.each<[string, ClusterSnapshot, string[]]>([
  ['nothing', buildCluster(), []],
  ['pods in another order', buildCluster({ pods: [...pods.items].reverse() }), []],
  [
    'one more pod that loads its model',
    buildCluster({ pods: [...pods.items, buildEnginePod('new', NODE.a, POD_TROUBLE.loading)] }),
    [],
  ],
  ['an engine that is gone', buildCluster({ pods: without('engine-a') }), ['distributed']],
  [
    'an engine of the baseline that is not ready any more',
    buildCluster({
      pods: [...without(buildBaselinePod(NODE.a).meta.name), buildBaselinePod(NODE.a, POD_TROUBLE.loading)],
    }),
    ['baseline'],
  ],
  [
    'a picker that is not ready any more',
    buildCluster({
      pods: [
        ...without(buildSchedulerPod(NODE.master).meta.name),
        buildSchedulerPod(NODE.master, POD_TROUBLE.loading),
      ],
    }),
    ['distributed'],
  ],
  [
    'a Gateway that fails',
    buildCluster({ gateway: [buildGateway({ conditions: broken })] }),
    ['distributed'],
  ],
  [
    'an HTTPRoute that is refused',
    buildCluster({
      httproutes: [
        buildHttpRoute({
          parents: [{ controllerName: 'x', parent, conditions: [buildCondition('Accepted', 'False')] }],
        }),
      ],
    }),
    ['distributed'],
  ],
  [
    'a pool that is refused',
    buildCluster({
      inferencepools: [
        buildPool({ parents: [{ parent, conditions: [buildCondition('Accepted', 'False')] }] }),
      ],
    }),
    ['distributed'],
  ],
  [
    'a Route that is not admitted any more',
    buildCluster({
      routes: [
        buildRoute('baseline', { ingress: [{ host: 'x', admitted: buildCondition('Admitted', 'False') }] }),
        buildRoute('distributed'),
      ],
    }),
    ['baseline'],
  ],
  [
    'another generation of the service',
    buildCluster({
      llminferenceservices: [buildLlmService({ meta: { ...buildLlmService().meta, generation: 99 } })],
    }),
    ['distributed'],
  ],
])('%s', (_name, cluster, arms) => {
  expect(changedBy(cluster)).toEqual(arms);
});

test('the first answers of the API server are no change', () => {
  expect(changedBy(buildCluster(), buildCluster({}, { pods: SYNCING }))).toEqual([]);
});
