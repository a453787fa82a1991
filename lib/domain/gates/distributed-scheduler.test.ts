import { describe, expect, test } from 'vitest';
import { buildCluster, FORBIDDEN, NODE } from '../testing/build-cluster';
import {
  buildCondition,
  buildEnginePod,
  buildLlmService,
  buildPool,
  buildSchedulerPod,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('distributed-scheduler', () => {
  const engines = [buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c)];

  test.each([
    ['no pod', buildCluster({ pods: engines }), 'fail'],
    [
      'crashing',
      buildCluster({ pods: [...engines, buildSchedulerPod(NODE.master, POD_TROUBLE.crashLoop)] }),
      'fail',
    ],
    ['on a GPU node', buildCluster({ pods: [...engines, buildSchedulerPod(NODE.a)] }), 'warn'],
    [
      'pool not picked up',
      buildCluster({
        inferencepools: [
          buildPool({
            parents: [
              {
                parent: { group: '', kind: 'Status', namespace: null, name: 'default' },
                conditions: [buildCondition('Accepted', 'Unknown', 'Pending', 'Waiting for controller')],
              },
            ],
          }),
        ],
      }),
      'warn',
    ],
    [
      'not declared',
      buildCluster({
        llminferenceservices: [
          buildLlmService({
            router: { hasRoute: true, hasScheduler: false, hasGateway: false, gatewayRefs: [] },
          }),
        ],
      }),
      'not-applicable',
    ],
    ['pools not readable, the service vouches', buildCluster({}, { inferencepools: FORBIDDEN }), 'pass'],
  ] as const)('%s has its own verdict', (_name, cluster, status) => {
    expect(gateOf('distributed-scheduler', { cluster }).status).toBe(status);
  });
});
