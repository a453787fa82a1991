import { describe, expect, test } from 'vitest';
import { derivePlacement, type PlacementInput } from './derive-placement';
import type { KubePod } from './objects/core';
import type { Placement } from './placement';
import { DEFAULT_SETTINGS } from './settings';
import {
  buildCluster,
  buildProbe,
  FORBIDDEN,
  healthyProbes,
  lostContact,
  MISSING,
  NODE,
  NOW,
} from './testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildContainer,
  buildEnginePod,
  buildEvent,
  buildForeignPod,
  buildGateway,
  buildGroupPod,
  buildLlmService,
  buildNode,
  buildPool,
  buildSchedulerPod,
  buildWorkload,
  POD_TROUBLE,
} from './testing/build-objects';

function place(overrides: Partial<PlacementInput> = {}): Placement {
  return derivePlacement({
    settings: DEFAULT_SETTINGS,
    cluster: buildCluster(),
    probes: healthyProbes(),
    activity: [],
    mode: 'live',
    now: NOW,
    previous: null,
    actions: { deletePod: false, needsToken: false },
    ...overrides,
  });
}

const withPods = (...pods: KubePod[]) => place({ cluster: buildCluster({ pods }) });
const created = (pod: KubePod, createdAt: string): KubePod => ({ ...pod, meta: { ...pod.meta, createdAt } });

describe('statement', () => {
  test('two replicas on two nodes', () => {
    expect(place().statement).toEqual({
      kind: 'replicas',
      text: '2 replicas, each the whole model, on 2 different g6.4xlarge nodes',
      verdict: 'pass',
      note: null,
    });
  });

  test('two replicas on the same node', () => {
    expect(withPods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.b)).statement).toEqual({
      kind: 'replicas',
      text: '2 replicas, each the whole model, on the same g6.4xlarge node',
      verdict: 'warn',
      note: null,
    });
  });

  test.each([
    ['loading', POD_TROUBLE.loading, 'Loading the model'],
    ['held by Kueue', POD_TROUBLE.gated, 'Waiting for quota: held by Kueue in queue default'],
    ['without a node', POD_TROUBLE.unschedulable, 'No node fits: none of 6 nodes: 3 without a free GPU'],
    [
      'without its image',
      POD_TROUBLE.imagePull,
      'Image cannot be pulled (ImagePullBackOff): Back-off pulling image: unauthorized',
    ],
    ['crashing', POD_TROUBLE.crashLoop, 'Crashing: main restarted 3 times, last exit code 1'],
  ] as const)('a replica that is %s is missing, and why', (_name, trouble, reason) => {
    expect(withPods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c, trouble)).statement).toEqual({
      kind: 'replicas',
      text: '1 replica, the whole model, on 1 g6.4xlarge node; 1 of 2 ready',
      verdict: 'warn',
      note: reason,
    });
  });

  test('no replica ready fails when stuck and warns while loading', () => {
    const pair = (trouble: Partial<KubePod>) =>
      withPods(buildEnginePod('a', NODE.b, trouble), buildEnginePod('b', NODE.c, trouble));
    expect(pair(POD_TROUBLE.crashLoop).statement.verdict).toBe('fail');
    expect(pair(POD_TROUBLE.loading).statement).toEqual({
      kind: 'replicas',
      text: 'No pod is ready, 2 wanted',
      verdict: 'warn',
      note: 'Loading the model',
    });
  });

  test('an extra replica is said', () => {
    const { statement } = withPods(
      buildEnginePod('a', NODE.a),
      buildEnginePod('b', NODE.b),
      buildEnginePod('c', NODE.c),
    );
    expect(statement).toMatchObject({
      verdict: 'warn',
      text: expect.stringContaining(
        '3 replicas, each the whole model, on 3 different g6.4xlarge nodes; 1 more than declared',
      ),
    });
  });

  test('a wrong instance type is said', () => {
    const nodes = [buildNode(NODE.b), buildNode(NODE.c, { type: 'g6.12xlarge', gpus: 4 })];
    expect(place({ cluster: buildCluster({ nodes }) }).statement).toEqual({
      kind: 'replicas',
      text: '2 replicas, each the whole model, on 2 different nodes (1 of them not g6.4xlarge)',
      verdict: 'warn',
      note: null,
    });
  });

  test('a LeaderWorkerSet of data-parallel ranks is groups of whole models, not shards', () => {
    const parallelism = { tensor: 1, pipeline: null, data: 2, dataLocal: 1 };
    const service = buildLlmService({
      main: buildWorkload({ hasWorker: true, parallelism, workerGpus: { 'nvidia.com/gpu': 1 } }),
    });
    const nodes = ['n1', 'n2', 'n3', 'n4'].map((name) => buildNode(name));
    const pods = [
      buildGroupPod('n1', 0, 0),
      buildGroupPod('n2', 0, 1),
      buildGroupPod('n3', 1, 0),
      buildGroupPod('n4', 1, 1),
    ];
    const placement = place({ cluster: buildCluster({ pods, nodes, llminferenceservices: [service] }) });
    expect(placement.statement).toEqual({
      kind: 'data-parallel',
      text: '2 groups with 4 data-parallel ranks, each the whole model, on 4 different g6.4xlarge nodes',
      verdict: 'pass',
      note: null,
    });
    expect(placement.pods.map(({ name, role, group }) => ({ name, role, group }))).toEqual([
      {
        name: 'mistral-3-distributed-kserve-mn-0',
        role: 'both',
        group: { set: 'mistral-3-distributed-kserve-mn', groupIndex: 0, workerIndex: 0, size: 2 },
      },
      {
        name: 'mistral-3-distributed-kserve-mn-0-1',
        role: 'worker',
        group: { set: 'mistral-3-distributed-kserve-mn', groupIndex: 0, workerIndex: 1, size: 2 },
      },
      {
        name: 'mistral-3-distributed-kserve-mn-1',
        role: 'both',
        group: { set: 'mistral-3-distributed-kserve-mn', groupIndex: 1, workerIndex: 0, size: 2 },
      },
      {
        name: 'mistral-3-distributed-kserve-mn-1-1',
        role: 'worker',
        group: { set: 'mistral-3-distributed-kserve-mn', groupIndex: 1, workerIndex: 1, size: 2 },
      },
    ]);
  });

  test('a group whose arguments say nothing is neither copies nor shards', () => {
    const plain = { containers: [buildContainer()] };
    const { statement } = withPods(buildGroupPod(NODE.a, 0, 0, plain), buildGroupPod(NODE.b, 0, 1, plain));
    expect(statement).toMatchObject({ kind: 'mixed', verdict: 'warn' });
  });

  test('tensor parallelism inside a pod with several GPUs is shards', () => {
    const containers = [
      buildContainer({ gpus: { 'nvidia.com/gpu': 4 }, additionalEngineArgs: '--tensor-parallel-size 4' }),
    ];
    const nodes = [buildNode(NODE.b, { gpus: 4, type: 'g6.12xlarge' })];
    const service = buildLlmService({ main: buildWorkload({ replicas: 1 }) });
    const cluster = buildCluster({
      nodes,
      pods: [buildEnginePod('a', NODE.b, { containers })],
      llminferenceservices: [service],
    });
    const settings = { ...DEFAULT_SETTINGS, instanceType: 'g6.12xlarge', expectedReplicas: 1 };
    expect(place({ cluster, settings }).statement).toEqual({
      kind: 'shards',
      text: '1 pod, the model sharded over 4 GPUs, on 1 g6.12xlarge node',
      verdict: 'pass',
      note: null,
    });
  });

  test('tensor parallelism asked of a pod with one GPU splits nothing', () => {
    const containers = [buildContainer({ additionalEngineArgs: '--tensor-parallel-size 2' })];
    expect(
      withPods(buildEnginePod('a', NODE.b, { containers }), buildEnginePod('b', NODE.c, { containers }))
        .statement.kind,
    ).toBe('replicas');
  });

  test('pipeline parallelism over a group is shards', () => {
    const containers = [buildContainer({ args: ['vllm serve /mnt/models --pipeline-parallel-size 2'] })];
    expect(
      withPods(buildGroupPod(NODE.a, 0, 0, { containers }), buildGroupPod(NODE.b, 0, 1, { containers }))
        .statement.kind,
    ).toBe('shards');
  });

  test('prefill and decode pods are named as such', () => {
    const service = buildLlmService({
      main: buildWorkload({ replicas: 1 }),
      prefill: buildWorkload({ replicas: 1 }),
    });
    const pods = [
      buildEnginePod('p', NODE.a, {
        labels: {
          'llm-d.ai/role': 'prefill',
          'app.kubernetes.io/component': 'llminferenceservice-workload-prefill',
        },
      }),
      buildEnginePod('d', NODE.b, { labels: { 'llm-d.ai/role': 'decode' } }),
    ];
    expect(place({ cluster: buildCluster({ pods, llminferenceservices: [service] }) }).statement).toEqual({
      kind: 'prefill-decode',
      text: '1 prefill and 1 decode, each the whole model, on 2 different g6.4xlarge nodes',
      verdict: 'pass',
      note: null,
    });
  });

  test('pods with different engine arguments are mixed', () => {
    const sharded = [buildContainer({ gpus: { 'nvidia.com/gpu': 2 }, additionalEngineArgs: '-tp 2' })];
    expect(
      withPods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c, { containers: sharded })).statement
        .kind,
    ).toBe('mixed');
  });

  test('a service that does not exist, and one without pods, are told apart', () => {
    expect(place({ cluster: buildCluster({ pods: [], llminferenceservices: [] }) }).statement).toEqual({
      kind: 'none',
      text: 'mistral-3-distributed does not exist',
      verdict: 'fail',
      note: null,
    });
    expect(withPods().statement.text).toBe('mistral-3-distributed has no pod, 2 wanted');
  });

  test.each([
    [MISSING, 'mistral-3-distributed cannot exist: this cluster has no LLMInferenceService API'],
    [FORBIDDEN, 'mistral-3-distributed has no pod; how many it wants cannot be seen'],
  ])('nobody wants a number of pods where no service can be seen: %#', (change, text) => {
    const cluster = buildCluster({ pods: [] }, { llminferenceservices: change });
    expect(place({ cluster }).statement).toMatchObject({ kind: 'none', text, verdict: 'fail' });
  });

  test('without the right to list pods nothing is claimed', () => {
    const cluster = buildCluster({}, { pods: FORBIDDEN, 'pods-all': FORBIDDEN });
    expect(place({ cluster }).statement).toMatchObject({ kind: 'none', verdict: 'unknown' });
  });

  test('an expired login takes no pod and no node away', () => {
    const expired = { state: 'unauthenticated', httpStatus: 401, lastProofAt: NOW - 16_000 } as const;
    const cluster = buildCluster({}, { pods: expired, 'pods-all': expired, nodes: expired });
    const before = place();
    const after = place({ cluster });
    expect([after.pods, after.nodes, after.statement]).toEqual([before.pods, before.nodes, before.statement]);
    expect(after).toMatchObject({ podsState: 'unauthenticated', nodesState: 'unauthenticated' });
  });

  test('without the right to list nodes types are not claimed', () => {
    expect(place({ cluster: buildCluster({}, { nodes: FORBIDDEN }) }).statement).toEqual({
      kind: 'replicas',
      text: '2 replicas, each the whole model, on 2 different nodes of unknown type',
      verdict: 'unknown',
      note: null,
    });
  });

  test('an old picture keeps its words and loses its verdict', () => {
    expect(place({ cluster: buildCluster({}, { pods: lostContact() }) }).statement).toEqual({
      kind: 'replicas',
      text: 'Last seen: 2 replicas, each the whole model, on 2 different g6.4xlarge nodes',
      verdict: 'unknown',
      note: null,
    });
  });
});

describe('nodes and slots', () => {
  test('GPU nodes and nodes of the arms’ pods are shown, the rest is counted', () => {
    const { nodes, foldedNodes } = place();
    expect(nodes.map((node) => node.name)).toEqual([NODE.a, NODE.b, NODE.c, NODE.master]);
    expect(foldedNodes).toBe(0);
    const others = [
      buildNode('worker-1', { gpus: 0, type: 'm6a.xlarge' }),
      buildNode('worker-2', { gpus: 0, type: 'm6a.xlarge' }),
    ];
    const items = [buildNode(NODE.a), ...others];
    expect(
      place({ cluster: buildCluster({ nodes: items, pods: [buildBaselinePod(NODE.a)] }) }),
    ).toMatchObject({ foldedNodes: 2 });
  });

  test('one node says what it is, what it offers and who holds it', () => {
    expect(place().nodes[0]).toEqual({
      name: NODE.a,
      instanceType: 'g6.4xlarge',
      zone: 'us-east-2b',
      ready: true,
      schedulable: true,
      taints: ['nvidia.com/gpu=true:NoSchedule'],
      gpu: { resource: 'nvidia.com/gpu', product: 'NVIDIA-L4', capacity: 1, allocatable: 1, requested: 1 },
      slots: [
        {
          index: 0,
          occupant: {
            uid: 'uid-mistral-3-int4-predictor-dsg',
            namespace: 'private-ai',
            name: 'mistral-3-int4-predictor-dsg',
          },
          state: 'taken',
        },
      ],
    });
  });

  const big = buildNode('big', { gpus: 4, type: 'g6.12xlarge' });
  const slotNames = (placement: Placement) =>
    placement.nodes
      .find((node) => node.name === 'big')
      ?.slots.map((slot) => slot.occupant?.name ?? slot.state);
  const old = created(buildEnginePod('old', 'big'), '2025-12-29T10:00:00Z');
  const young = created(buildEnginePod('young', 'big'), '2025-12-29T12:00:00Z');

  test('a pod with several GPUs fills several slots, oldest first, and the rest is free', () => {
    const foreign = created(buildForeignPod('train', 'big', 2), '2025-12-29T11:00:00Z');
    const placement = place({ cluster: buildCluster({ nodes: [big], pods: [young, foreign, old] }) });
    expect(slotNames(placement)).toEqual(['old', 'train', 'train', 'young']);
    expect(placement.pods.map((pod) => [pod.name, pod.arm])).toEqual([
      ['old', 'distributed'],
      ['young', 'distributed'],
      ['train', 'other'],
    ]);
  });

  test('a pod keeps its slot when an older one leaves', () => {
    const before = place({ cluster: buildCluster({ nodes: [big], pods: [old, young] }) });
    const after = place({ cluster: buildCluster({ nodes: [big], pods: [young] }), previous: before });
    expect(slotNames(before)).toEqual(['old', 'young', 'free', 'free']);
    expect(slotNames(after)).toEqual(['free', 'young', 'free', 'free']);
  });

  test('terminating pods hold their slots, finished ones do not', () => {
    const leaving = { ...old, meta: { ...old.meta, deletedAt: '2025-12-29T14:19:00Z' } };
    const finished = { ...young, phase: 'Succeeded' };
    expect(slotNames(place({ cluster: buildCluster({ nodes: [big], pods: [leaving, finished] }) }))).toEqual([
      'old',
      'free',
      'free',
      'free',
    ]);
  });

  test('more taken than allocatable is shown, as when the device plugin is down', () => {
    const down = buildNode('big', { gpus: 4, allocatable: { 'nvidia.com/gpu': 0 } });
    expect(slotNames(place({ cluster: buildCluster({ nodes: [down], pods: [old, young] }) }))).toEqual([
      'old',
      'young',
    ]);
  });

  test('without the pods of other namespaces an empty slot is unknown, and so is what is requested', () => {
    const cluster = buildCluster({ nodes: [big], pods: [old] }, { 'pods-all': FORBIDDEN });
    const placement = place({ cluster });
    expect(slotNames(placement)).toEqual(['old', 'unknown', 'unknown', 'unknown']);
    expect(placement.nodes[0]?.gpu.requested).toBeNull();
  });

  test('without the right to list nodes their pods still tell where they are', () => {
    const placement = place({ cluster: buildCluster({}, { nodes: FORBIDDEN }) });
    expect(placement.nodesState).toBe('forbidden');
    expect(placement.nodes.find((node) => node.name === NODE.b)).toEqual({
      name: NODE.b,
      instanceType: null,
      zone: null,
      ready: true,
      schedulable: true,
      taints: [],
      gpu: { resource: 'nvidia.com/gpu', product: null, capacity: null, allocatable: null, requested: null },
      slots: [
        {
          index: 0,
          occupant: { uid: 'uid-engine-a', namespace: 'private-ai', name: 'engine-a' },
          state: 'taken',
        },
      ],
    });
  });
});

describe('pods', () => {
  test('the arms’ pods come first and carry arm, role and what they wait for', () => {
    const pods = [
      buildForeignPod('train', NODE.a),
      buildEnginePod('engine', null, POD_TROUBLE.gated),
      buildSchedulerPod(NODE.master),
      buildBaselinePod(NODE.a),
    ];
    expect(
      withPods(...pods).pods.map(({ name, arm, role, gpus, waitingReason }) => ({
        name,
        arm,
        role,
        gpus,
        waitingReason,
      })),
    ).toEqual([
      { name: 'mistral-3-int4-predictor-dsg', arm: 'baseline', role: 'server', gpus: 1, waitingReason: null },
      {
        name: 'engine',
        arm: 'distributed',
        role: 'both',
        gpus: 1,
        waitingReason: 'Waiting for quota: held by Kueue in queue default, 3 of 3 GPUs in use',
      },
      {
        name: 'mistral-3-distributed-kserve-router-scheduler-m8q',
        arm: 'distributed',
        role: 'scheduler',
        gpus: 0,
        waitingReason: null,
      },
      { name: 'train', arm: 'other', role: 'unknown', gpus: 1, waitingReason: null },
    ]);
  });

  test('a pod held back says its place in the queue where Kueue tells it', () => {
    const cluster = buildCluster({ pods: [buildEnginePod('engine', null, POD_TROUBLE.gated)] });
    const reason = (before: number) =>
      place({ cluster, queuePositions: new Map([['uid-engine', before]]) }).pods[0]?.waitingReason;
    expect([reason(0), reason(2)]).toEqual([
      'Waiting for quota: held by Kueue in queue default, 3 of 3 GPUs in use, next in line',
      'Waiting for quota: held by Kueue in queue default, 3 of 3 GPUs in use, 2 before it in line',
    ]);
  });

  test('a pod that only has the service’s name in its own is not of the arm', () => {
    const benchmark = buildEnginePod('mistral-3-distributed-benchmark-abc', NODE.a);
    const job = {
      ...benchmark,
      meta: { ...benchmark.meta, labels: { 'app.kubernetes.io/name': 'guidellm' } },
    };
    expect(withPods(job).pods.map((pod) => pod.arm)).toEqual(['other']);
  });
});

describe('path', () => {
  const states = (placement: Placement) =>
    Object.fromEntries(placement.path.map((link) => [link.id, link.state]));

  test('every link of the healthy demo is lit, with its finding', () => {
    expect(states(place())).toEqual({
      route: 'pass',
      gateway: 'pass',
      httproute: 'pass',
      inferencepool: 'pass',
      'endpoint-picker': 'pass',
      pods: 'pass',
    });
    expect(place().schedulerInPath).toBe(true);
  });

  test('without a Gateway the Route remains, past the scheduler', () => {
    const placement = place({
      cluster: buildCluster({
        gateway: [],
        httproutes: [],
        inferencepools: [],
        pods: [buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c)],
      }),
      probes: [buildProbe({ arm: 'distributed' })],
    });
    expect(states(placement)).toEqual({
      route: 'pass',
      gateway: 'absent',
      httproute: 'absent',
      inferencepool: 'absent',
      'endpoint-picker': 'absent',
      pods: 'pass',
    });
    expect(placement.schedulerInPath).toBe(false);
  });

  test('a picker that is down is out of the path although the Gateway answers: traffic falls open', () => {
    const pods = [
      buildEnginePod('a', NODE.b),
      buildEnginePod('b', NODE.c),
      buildSchedulerPod(NODE.master, POD_TROUBLE.crashLoop),
    ];
    const placement = place({ cluster: buildCluster({ pods }) });
    expect(placement.path.find((link) => link.id === 'endpoint-picker')).toMatchObject({
      state: 'fail',
      finding: expect.stringContaining('FailOpen: requests flow without scheduling'),
    });
    expect(placement.path.find((link) => link.id === 'inferencepool')).toMatchObject({
      state: 'warn',
      summary: 'falls open',
    });
    expect(placement).toMatchObject({
      schedulerInPath: false,
      schedulerFinding: 'Scheduler bypassed: the picker is down and the pool falls open.',
    });
  });

  test('a Gateway whose last completion failed is not lit by its condition, and the chat says why it goes round', () => {
    const probes = healthyProbes().map((probe) =>
      probe.kind === 'completion' && probe.path === 'gateway'
        ? { ...probe, httpStatus: 500, finding: 'HTTP 500' }
        : probe,
    );
    const placement = place({ probes });
    const failed = probes.find(({ kind, path }) => kind === 'completion' && path === 'gateway');
    expect(placement.path.find((link) => link.id === 'gateway')).toMatchObject({
      state: 'fail',
      summary: 'answers 500',
      finding: expect.stringContaining('but the last completion through it failed: HTTP 500'),
      request: failed?.request,
      observedAt: new Date(failed?.observedAt ?? 0).toISOString(),
    });
    expect(placement).toMatchObject({
      schedulerInPath: false,
      schedulerFinding: 'Scheduler bypassed: the Gateway failed, the chat takes the Route.',
    });
  });

  test('each link names the request it follows and when that was last proven', () => {
    expect(place().path.map(({ id, request, summary }) => [id, request, summary])).toEqual([
      ['route', 'GET /apis/route.openshift.io/v1/namespaces/private-ai/routes', 'past the picker'],
      ['gateway', 'GET https://example.com/v1/models', 'answers'],
      ['httproute', 'GET /apis/gateway.networking.k8s.io/v1/namespaces/private-ai/httproutes', 'accepted'],
      [
        'inferencepool',
        'GET /apis/inference.networking.x-k8s.io/v1alpha2/namespaces/private-ai/inferencepools',
        '2 endpoints',
      ],
      ['endpoint-picker', 'GET /api/v1/namespaces/private-ai/pods', '1 of 1 ready'],
      ['pods', 'GET /api/v1/namespaces/private-ai/pods', '2 of 2 ready'],
    ]);
  });

  test('an answer without the scheduler’s trace takes it out of the path', () => {
    const probes = healthyProbes().map((probe) =>
      probe.kind === 'completion' ? { ...probe, schedulerSeen: false } : probe,
    );
    expect(place({ probes }).schedulerInPath).toBe(false);
  });

  test('such an answer says nothing any more once the picker has come back', () => {
    const probes = healthyProbes().map((probe) =>
      probe.kind === 'completion' ? { ...probe, schedulerSeen: false } : probe,
    );
    const answeredAt =
      probes.find(({ kind, arm }) => kind === 'completion' && arm === 'distributed')?.observedAt ?? 0;
    const pods = [
      buildEnginePod('a', NODE.b),
      buildEnginePod('b', NODE.c),
      buildSchedulerPod(NODE.master, {
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: null,
            message: null,
            changedAt: new Date(answeredAt + 1_000).toISOString(),
          },
        ],
      }),
    ];
    expect(place({ probes, cluster: buildCluster({ pods }) }).schedulerInPath).toBeNull();
  });

  test.each([
    [
      'a Gateway without an address',
      buildCluster({ gateway: [buildGateway({ addresses: [] })] }),
      'gateway',
      'warn',
    ],
    [
      'a Gateway not programmed',
      buildCluster({
        gateway: [buildGateway({ conditions: [buildCondition('Programmed', 'False', 'Invalid')] })],
      }),
      'gateway',
      'fail',
    ],
    [
      'a pool that waits for a controller',
      buildCluster({
        inferencepools: [
          buildPool({
            parents: [
              {
                parent: { group: '', kind: 'Status', namespace: null, name: 'default' },
                conditions: [buildCondition('Accepted', 'Unknown', 'Pending')],
              },
            ],
          }),
        ],
      }),
      'inferencepool',
      'warn',
    ],
    [
      'pools that may not be read',
      buildCluster({}, { inferencepools: FORBIDDEN, 'inferencepools-v1': FORBIDDEN }),
      'inferencepool',
      'unknown',
    ],
    ['Routes that are not OpenShift’s', buildCluster({}, { routes: MISSING }), 'route', 'absent'],
    ['an old look at Routes', buildCluster({}, { routes: lostContact() }), 'route', 'unknown'],
    [
      'one pod of two not ready',
      buildCluster({ pods: [buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c, POD_TROUBLE.loading)] }),
      'pods',
      'warn',
    ],
  ] as const)('%s has its own light', (_name, cluster, id, state) => {
    expect(states(place({ cluster }))[id]).toBe(state);
  });
});

test('events are the newest fifty, newest first, without those that have no time', () => {
  const events = Array.from({ length: 60 }, (_, index) =>
    buildEvent(`e${index}`, new Date(NOW - index * 1_000).toISOString()),
  );
  const placement = place({
    cluster: buildCluster({ events: [...events.reverse(), buildEvent('timeless', null)] }),
  });
  expect(placement.events).toHaveLength(50);
  expect(placement.events[0]).toEqual({
    uid: 'uid-e0',
    at: '2025-12-29T14:20:00.000Z',
    type: 'Normal',
    reason: 'Scheduled',
    object: { kind: 'Pod', name: 'pod-a' },
    message: 'Successfully assigned',
  });
  expect(placement.events.at(-1)?.uid).toBe('uid-e49');
});

test('events of one second stand in the order of their making', () => {
  const at = '2025-12-29T14:19:00Z';
  const events = ['pod-a.18855d3c5e2c7a4b', 'pod-a.18855d3c6f000000', 'pod-a.18855d3c50000000'].map((name) =>
    buildEvent(name, at),
  );
  expect(place({ cluster: buildCluster({ events }) }).events.map(({ uid }) => uid)).toEqual([
    'uid-pod-a.18855d3c6f000000',
    'uid-pod-a.18855d3c5e2c7a4b',
    'uid-pod-a.18855d3c50000000',
  ]);
});

test('a picture older than 20 s says so, whatever its pods last said', () => {
  expect(place().isOutdated).toBe(false);
  const placement = place({ cluster: buildCluster({}, { pods: lostContact() }) });
  expect(placement).toMatchObject({ isOutdated: true, podsState: lostContact().state });
});

test('the same input gives the same placement', () => {
  expect(place()).toEqual(place());
});
