import type { ResourceView } from '../cluster';
import { isKueueManaged, neededQuota } from '../demo-demand';
import type { ClusterObjects } from '../objects';
import { isGpuResource } from '../objects/gpus';
import { findCondition } from '../objects/meta';
import type { ClusterQueue, LocalQueue } from '../objects/platform';
import { isReadable, knownPods } from '../readable';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
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
    document: DOCUMENTS.kueue,
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
    document: DOCUMENTS.kueue,
    command: (settings) =>
      `oc get localqueues.kueue.x-k8s.io ${settings.kueueLocalQueue} -n ${settings.namespace}`,
    evaluate: evaluateLocalQueue,
  },
];

function isKueueNeeded(input: ChecklistInput): boolean {
  return isKueueManaged(input.settings, input.cluster) === true;
}

/** What one look at Kueue gave: its queues, or the outcome where it is not there or does not concern us. */
type KueueSight<T> = { outcome: GateOutcome } | { outcome: null; items: readonly T[]; view: ResourceView<T> };

function lookAtQueues<Id extends 'clusterqueues' | 'localqueues'>(
  input: ChecklistInput,
  id: Id,
): KueueSight<ClusterObjects[Id]> {
  const sight = lookAt(input, id);
  if (sight.kind === 'hidden') return { outcome: sight.outcome };
  const managed = isKueueManaged(input.settings, input.cluster);
  const namespaceView = input.cluster.resources.namespace;
  const namespaceEvidence = isReadable(namespaceView)
    ? [kubernetesEvidence(namespaceView, { managedByKueue: managed }, input.now)]
    : [];
  const { namespace } = input.settings;
  if (sight.kind === 'not-installed') {
    return {
      outcome: {
        status: managed === true ? 'fail' : 'not-applicable',
        reason: 'not-installed',
        finding:
          managed === true
            ? `Kueue is not installed, although namespace ${namespace} is marked as managed by it.`
            : 'Kueue is not installed, and the namespace does not ask for it.',
        evidence: [kubernetesEvidence(sight.view, { served: false }, input.now), ...namespaceEvidence],
      },
    };
  }
  if (managed === false) {
    return {
      outcome: {
        status: 'not-applicable',
        finding: `Namespace ${namespace} is not managed by Kueue.`,
        evidence: namespaceEvidence,
      },
    };
  }
  return { outcome: null, items: sight.items, view: sight.view };
}

function findLocalQueue(input: ChecklistInput): LocalQueue | null {
  const view = input.cluster.resources.localqueues;
  if (!isReadable(view)) return null;
  return view.items.find((item) => item.meta.name === input.settings.kueueLocalQueue) ?? null;
}

function evaluateClusterQueue(input: ChecklistInput): GateOutcome {
  const sight = lookAtQueues(input, 'clusterqueues');
  if (sight.outcome !== null) return sight.outcome;
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
  const needed = neededQuota(input.settings, input.cluster, knownPods(input.settings, input.cluster).pods);
  const free = quota.nominal - quota.reserved;
  const used = `${quota.reserved} of ${quota.nominal} GPUs of its quota reserved`;
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
      finding: `${count(needed, 'more GPU')} needed, and ${used}: ClusterQueue ${name} is active.`,
      evidence,
    };
  }
  return (queue.pendingWorkloads ?? 0) > 0
    ? {
        status: 'warn',
        finding: `${count(queue.pendingWorkloads ?? 0, 'workload')} waiting, ${used}: ClusterQueue ${name} is active.`,
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
  const sight = lookAtQueues(input, 'localqueues');
  if (sight.outcome !== null) return sight.outcome;
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
    ? { status: 'warn', finding: `${count(pending, 'workload')} waiting: ${name} is active.`, evidence }
    : {
        status: 'pass',
        finding: `${name} is active${
          queue.admittedWorkloads === null ? '' : `, ${count(queue.admittedWorkloads, 'workload')} admitted`
        } and none waiting.`,
        evidence,
      };
}
