import { isKueueManaged, neededGpus } from '../demo-demand';
import { isGpuResource } from '../objects/gpus';
import { findCondition } from '../objects/meta';
import type { ClusterQueue, LocalQueue } from '../objects/platform';
import { isReadable, knownPods } from '../readable';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt, type Sight } from './sight';
import { conditionText, count, sentence } from './wording';

/** The demo's ClusterQueue (demo-environment §7), where the LocalQueue does not name one. */
const DEMO_CLUSTER_QUEUE = 'rhoai-main-queue';

export const KUEUE_GATES: readonly GateRow[] = [
  {
    id: 'kueue-clusterqueue',
    layer: 'platform',
    title: 'Kueue ClusterQueue',
    required: isKueueNeeded,
    dependsOn: [],
    why: 'In a managed namespace every pod waits until its ClusterQueue has quota; without it engine pods stay gated.',
    remedy: 'Create or repair the ClusterQueue and its ResourceFlavors, or raise the GPU quota.',
    owner: 'cluster-admin',
    document: null,
    command: () => 'oc get clusterqueues.kueue.x-k8s.io -o wide',
    evaluate: evaluateClusterQueue,
  },
  {
    id: 'kueue-localqueue',
    layer: 'platform',
    title: 'Kueue LocalQueue',
    required: isKueueNeeded,
    dependsOn: ['kueue-clusterqueue'],
    why: 'Pods enter through the LocalQueue of their namespace; without it they are never admitted.',
    remedy: 'Create the LocalQueue in the demo’s namespace and point it to an active ClusterQueue.',
    owner: 'user',
    document: null,
    command: (settings) =>
      `oc get localqueues.kueue.x-k8s.io ${settings.kueueLocalQueue} -n ${settings.namespace}`,
    evaluate: evaluateLocalQueue,
  },
];

function isKueueNeeded(input: ChecklistInput): boolean {
  return isKueueManaged(input.settings, input.cluster) === true;
}

/** The outcome where Kueue is not there or does not concern the namespace; `null` where it does. */
function withoutKueue(input: ChecklistInput, sight: Sight<unknown>): GateOutcome | null {
  if (sight.kind === 'hidden') return sight.outcome;
  const managed = isKueueManaged(input.settings, input.cluster);
  const namespaceView = input.cluster.resources.namespace;
  const namespaceEvidence = isReadable(namespaceView)
    ? [kubernetesEvidence(namespaceView, { managedByKueue: managed }, input.now)]
    : [];
  if (sight.kind === 'not-installed') {
    return {
      status: managed === true ? 'fail' : 'not-applicable',
      reason: 'not-installed',
      finding:
        managed === true
          ? `Kueue is not installed, although namespace ${input.settings.namespace} is marked as managed by it.`
          : 'Kueue is not installed, and the namespace does not ask for it.',
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now), ...namespaceEvidence],
    };
  }
  return managed === false
    ? {
        status: 'not-applicable',
        finding: `Namespace ${input.settings.namespace} is not managed by Kueue.`,
        evidence: namespaceEvidence,
      }
    : null;
}

function findLocalQueue(input: ChecklistInput): LocalQueue | null {
  const view = input.cluster.resources.localqueues;
  if (!isReadable(view)) return null;
  return view.items.find((item) => item.meta.name === input.settings.kueueLocalQueue) ?? null;
}

function evaluateClusterQueue(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'clusterqueues');
  const without = withoutKueue(input, sight);
  if (without !== null || sight.kind !== 'seen')
    return without ?? { status: 'unknown', finding: '', evidence: [] };
  const localQueue = findLocalQueue(input);
  const name = localQueue?.clusterQueue ?? DEMO_CLUSTER_QUEUE;
  const queue = sight.items.find((item) => item.meta.name === name);
  if (queue === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `ClusterQueue ${name} does not exist.`,
      evidence: [
        kubernetesEvidence(
          sight.view,
          sight.items.map((item) => item.meta.name),
          input.now,
        ),
      ],
    };
  }
  const quota = gpuQuota(queue, localQueue, input.settings.instanceType);
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name,
        stopPolicy: queue.stopPolicy,
        gpuQuota: quota,
        pendingWorkloads: queue.pendingWorkloads,
        admittedWorkloads: queue.admittedWorkloads,
        conditions: conditionsExcerpt(queue.conditions),
      },
      input.now,
    ),
  ];
  const active = findCondition(queue.conditions, 'Active');
  if (active?.status !== 'True') {
    return {
      status: 'fail',
      finding: sentence(
        `ClusterQueue ${name} is not active: ${active === null ? 'it has no Active condition' : conditionText(active)}`,
      ),
      evidence,
    };
  }
  const needed = neededGpus(input.settings, input.cluster, knownPods(input.settings, input.cluster).pods);
  const free = quota.nominal - quota.reserved;
  const used = `${quota.reserved} of ${count(quota.nominal, 'GPU')} of its quota reserved`;
  if (queue.stopPolicy !== null && queue.stopPolicy !== 'None') {
    return {
      status: 'warn',
      finding: `ClusterQueue ${name} is stopped (${queue.stopPolicy}), ${used}.`,
      evidence,
    };
  }
  if (free < needed) {
    return {
      status: 'warn',
      finding: `ClusterQueue ${name} is active, but ${used} and ${count(needed, 'more GPU')} needed.`,
      evidence,
    };
  }
  return (queue.pendingWorkloads ?? 0) > 0
    ? {
        status: 'warn',
        finding: `ClusterQueue ${name} is active, ${used}, with ${count(queue.pendingWorkloads ?? 0, 'workload')} waiting.`,
        evidence,
      }
    : { status: 'pass', finding: `ClusterQueue ${name} is active, ${used}; no workload waits.`, evidence };
}

/** GPU quota of the flavors that stand for the demo's instance type; of all flavors where that is not told. */
function gpuQuota(
  queue: ClusterQueue,
  localQueue: LocalQueue | null,
  instanceType: string,
): { nominal: number; reserved: number } {
  const fitting = (localQueue?.flavors ?? [])
    .filter((flavor) => flavor.nodeLabels['node.kubernetes.io/instance-type'] === instanceType)
    .map((flavor) => flavor.name);
  const sum = (entries: ClusterQueue['nominal']) =>
    entries
      .filter(
        (entry) => isGpuResource(entry.resource) && (fitting.length === 0 || fitting.includes(entry.flavor)),
      )
      .reduce((total, entry) => total + entry.amount, 0);
  return { nominal: sum(queue.nominal), reserved: sum(queue.reserved) };
}

function evaluateLocalQueue(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'localqueues');
  const without = withoutKueue(input, sight);
  if (without !== null || sight.kind !== 'seen')
    return without ?? { status: 'unknown', finding: '', evidence: [] };
  const { kueueLocalQueue, namespace } = input.settings;
  const queue = findLocalQueue(input);
  if (queue === null) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `LocalQueue ${kueueLocalQueue} does not exist in ${namespace}.`,
      evidence: [
        kubernetesEvidence(
          sight.view,
          sight.items.map((item) => item.meta.name),
          input.now,
        ),
      ],
      explainedBy: [],
    };
  }
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name: queue.meta.name,
        clusterQueue: queue.clusterQueue,
        pendingWorkloads: queue.pendingWorkloads,
        admittedWorkloads: queue.admittedWorkloads,
        conditions: conditionsExcerpt(queue.conditions),
      },
      input.now,
    ),
  ];
  const active = findCondition(queue.conditions, 'Active');
  const name = `LocalQueue ${queue.meta.name} (to ${queue.clusterQueue ?? 'no ClusterQueue'})`;
  if (active?.status !== 'True') {
    return {
      status: 'fail',
      finding: sentence(
        `${name} is not active: ${active === null ? 'it has no Active condition' : conditionText(active)}`,
      ),
      evidence,
    };
  }
  const pending = queue.pendingWorkloads ?? 0;
  return pending > 0
    ? { status: 'warn', finding: `${name} is active with ${count(pending, 'workload')} waiting.`, evidence }
    : {
        status: 'pass',
        finding: `${name} is active, ${count(queue.admittedWorkloads ?? 0, 'workload')} admitted and none waiting.`,
        evidence,
      };
}
