import { describe, expect, test } from 'vitest';
import type { Condition } from '../objects/meta';
import { DEFAULT_SETTINGS } from '../settings';
import { buildCluster, NODE, NOW } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildLlmConditions,
  buildLlmService,
  buildMeta,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('distributed-ready', () => {
  const withConditions = (...conditions: Condition[]) =>
    buildLlmService({ conditions: buildLlmConditions(...conditions) });

  test('a Gateway that is missing keeps Ready False while pods and Route serve: two lights tell', () => {
    const service = withConditions(
      buildCondition(
        'Ready',
        'False',
        'RefsInvalid',
        'Managed HTTPRoute references non-existent Gateway openshift-ingress/openshift-ai-inference',
      ),
      buildCondition('HTTPRoutesReady', 'False', 'RefsInvalid'),
    );
    const cluster = buildCluster({
      llminferenceservices: [service],
      gateway: [],
      httproutes: [],
      inferencepools: [],
    });
    expect(gateOf('distributed-ready', { cluster })).toMatchObject({
      status: 'warn',
      lights: { claim: 'fail', pods: 'pass', probe: 'pass' },
    });
  });

  test('RefsInvalid that outlives its cause is recognised', () => {
    const service = withConditions(
      buildCondition('Ready', 'False', 'RefsInvalid'),
      buildCondition('HTTPRoutesReady', 'False', 'RefsInvalid'),
    );
    expect(
      gateOf('distributed-ready', { cluster: buildCluster({ llminferenceservices: [service] }) }).finding,
    ).toContain('this condition never clears in 3.0: delete and re-create the service.');
  });

  test('a status of an older generation claims nothing', () => {
    const service = buildLlmService({
      observedGeneration: 1,
      meta: buildMeta({ name: DEFAULT_SETTINGS.distributedName, generation: 2 }),
    });
    expect(
      gateOf('distributed-ready', { cluster: buildCluster({ llminferenceservices: [service] }) }),
    ).toMatchObject({
      status: 'warn',
      lights: { claim: 'unknown', pods: 'pass', probe: 'pass' },
    });
  });

  test('no status: progressing in the first minute, then a failure', () => {
    const at = (createdAt: string) =>
      buildCluster({
        llminferenceservices: [
          buildLlmService({
            conditions: [],
            observedGeneration: null,
            meta: buildMeta({ name: DEFAULT_SETTINGS.distributedName, createdAt }),
          }),
        ],
        pods: [buildBaselinePod(NODE.a)],
      });
    expect(
      gateOf('distributed-ready', { cluster: at(new Date(NOW - 20_000).toISOString()), probes: [] }),
    ).toMatchObject({ status: 'warn', progressing: true });
    expect(gateOf('distributed-ready', { cluster: at('2025-12-29T14:02:11Z'), probes: [] })).toMatchObject({
      status: 'fail',
      progressing: false,
    });
  });

  test('not created fails and blocks all that hangs on it', () => {
    const cluster = buildCluster({
      llminferenceservices: [],
      pods: [buildBaselinePod(NODE.a)],
      routes: [],
      httproutes: [],
      inferencepools: [],
      services: [],
    });
    const scene = { cluster, probes: [] };
    expect(gateOf('distributed-ready', scene)).toMatchObject({ status: 'fail', reason: 'not-created' });
    for (const id of [
      'distributed-pods',
      'distributed-distinct-nodes',
      'distributed-scheduler',
      'distributed-route',
      'distributed-answers',
    ] as const) {
      expect({ id, blockedBy: gateOf(id, scene).blockedBy }).toEqual({ id, blockedBy: 'distributed-ready' });
    }
  });
});
