import { describe, expect, test } from 'vitest';
import type { Deployment } from './objects/core';
import type { OwnerReference } from './objects/meta';
import type { ServiceObject } from './placement';
import { deriveServices } from './placement-tree';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, NODE } from './testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildEnginePod,
  buildEngineService,
  buildGroupPod,
  buildInferenceService,
  buildLlmService,
  buildMeta,
  buildSchedulerPod,
  POD_TROUBLE,
} from './testing/build-objects';

const { distributedName, baselineName } = DEFAULT_SETTINGS;
const by = (kind: string, name: string): OwnerReference[] => [
  { kind, name, uid: `uid-${name}`, controller: true },
];

function workload(name: string, owners: OwnerReference[], overrides: Partial<Deployment> = {}): Deployment {
  return {
    meta: buildMeta({ name, owners }),
    replicas: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    conditions: [],
    ...overrides,
  };
}

function owned<T extends { meta: ReturnType<typeof buildMeta> }>(item: T, owners: OwnerReference[]): T {
  return { ...item, meta: { ...item.meta, owners } };
}

/** The tree as an indented list, as the screen shows it. */
function draw(objects: readonly ServiceObject[]): string[] {
  const depth = new Map<string, number>();
  return objects.map(({ uid, parent, kind, name, state, finding }) => {
    const level = parent === null ? 0 : (depth.get(parent) ?? 0) + 1;
    depth.set(uid, level);
    return `${'  '.repeat(level)}${kind} ${name.replace(distributedName, 'N').replace(baselineName, 'B')}: ${state}, ${finding}`;
  });
}

const llm = by('LLMInferenceService', distributedName);

describe('what is under the services', () => {
  test('of the demo: Deployment, ReplicaSet and pods, picker, pool, route and Service', () => {
    const cluster = buildCluster({
      deployments: [
        workload(`${distributedName}-kserve`, llm, { replicas: 2, readyReplicas: 1 }),
        workload(`${distributedName}-scheduler`, llm),
        workload(`${baselineName}-predictor`, by('InferenceService', baselineName)),
        workload('guidellm', []),
      ],
      replicasets: [
        workload('rs-1', by('Deployment', `${distributedName}-kserve`), { replicas: 2, readyReplicas: 1 }),
        workload('rs-0', by('Deployment', `${distributedName}-kserve`), { replicas: 0, readyReplicas: 0 }),
        workload('rs-s', by('Deployment', `${distributedName}-scheduler`)),
        workload('rs-b', by('Deployment', `${baselineName}-predictor`)),
      ],
      pods: [
        owned(buildEnginePod('engine-a', NODE.b), by('ReplicaSet', 'rs-1')),
        owned(buildEnginePod('engine-b', null, POD_TROUBLE.unschedulable), by('ReplicaSet', 'rs-1')),
        owned(buildSchedulerPod(NODE.master), by('ReplicaSet', 'rs-s')),
        owned(buildBaselinePod(NODE.a), by('ReplicaSet', 'rs-b')),
      ],
      services: [owned(buildEngineService(), llm)],
      routes: [],
    });
    const objects = deriveServices(DEFAULT_SETTINGS, cluster);
    expect(draw(objects)).toEqual([
      'InferenceService B: pass, Ready',
      '  Deployment B-predictor: pass, 1 of 1 pod ready',
      '    ReplicaSet rs-b: pass, 1 of 1 pod ready',
      '      Pod B-predictor-dsg: pass, Ready',
      'LLMInferenceService N: pass, Ready',
      '  Deployment N-kserve: warn, 1 of 2 pods ready',
      '    ReplicaSet rs-1: warn, 1 of 2 pods ready',
      '      Pod engine-a: pass, Ready',
      '      Pod engine-b: fail, No node fits: none of 6 nodes: 3 without a free GPU',
      '  Deployment N-scheduler: pass, 1 of 1 pod ready',
      '    ReplicaSet rs-s: pass, 1 of 1 pod ready',
      '      Pod N-kserve-router-scheduler-m8q: pass, Ready',
      '  HTTPRoute N-kserve-route: pass, Accepted, references resolved; completions go to the pool',
      '  InferencePool N-inference-pool: pass, Accepted; FailOpen',
      '  Service N-kserve-workload-svc: pass, 1 of 2 pods behind it ready',
    ]);
    expect(objects[1]?.request).toBe('GET /apis/apps/v1/namespaces/private-ai/deployments');
  });

  test('of several nodes: LeaderWorkerSet, StatefulSets, and workers under their leader', () => {
    const set = `${distributedName}-kserve-mn`;
    const leader = owned(buildGroupPod(NODE.a, 0, 0), by('StatefulSet', `${set}-sts`));
    const worker = owned(buildGroupPod(NODE.b, 0, 1), by('StatefulSet', `${set}-0-sts`));
    const cluster = buildCluster({
      inferenceservices: [],
      httproutes: [],
      inferencepools: [],
      leaderworkersets: [workload(set, llm)],
      statefulsets: [
        workload(`${set}-sts`, by('LeaderWorkerSet', set)),
        workload(`${set}-0-sts`, by('Pod', leader.meta.name)),
      ],
      pods: [leader, worker],
      services: [],
    });
    expect(draw(deriveServices(DEFAULT_SETTINGS, cluster))).toEqual([
      'LLMInferenceService N: pass, Ready',
      '  LeaderWorkerSet N-kserve-mn: pass, 1 of 1 group ready',
      '    StatefulSet N-kserve-mn-sts: pass, 1 of 1 pod ready',
      '      Pod N-kserve-mn-0: pass, Ready',
      '        StatefulSet N-kserve-mn-0-sts: pass, 1 of 1 pod ready',
      '          Pod N-kserve-mn-0-1: pass, Ready',
    ]);
  });

  test('a service that is not Ready says its reason, and one without status claims nothing', () => {
    const cluster = buildCluster({
      inferenceservices: [buildInferenceService({ conditions: [] })],
      llminferenceservices: [
        buildLlmService({
          conditions: [buildCondition('Ready', 'False', 'RefsInvalid', 'gateway not found')],
        }),
      ],
    });
    expect(
      draw(deriveServices(DEFAULT_SETTINGS, cluster)).filter((line) => /^\w*InferenceS/.test(line)),
    ).toEqual([
      'InferenceService B: unknown, Its controller has written no Ready yet',
      'LLMInferenceService N: fail, Not Ready: RefsInvalid: gateway not found',
    ]);
  });

  test('a circle of owners ends', () => {
    const cluster = buildCluster({
      deployments: [workload('a', llm), workload('b', by('Deployment', 'a'))],
      replicasets: [workload('a', by('Deployment', 'b'))],
    });
    expect(deriveServices(DEFAULT_SETTINGS, cluster).filter(({ name }) => name === 'a')).toHaveLength(1);
  });
});
