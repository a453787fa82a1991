import type { ClusterSnapshot } from './cluster';
import { enginePods } from './objects/arms';
import type { KubePod } from './objects/core';
import { countGpus, podGpus } from './objects/gpus';
import { holdsResources } from './objects/pod-state';
import type { InferenceService, LLMInferenceService, LlmWorkload } from './objects/serving';
import type { DemoSettings } from './settings';
import { ARMS, type Arm } from './vocabulary';

export function findBaseline(settings: DemoSettings, cluster: ClusterSnapshot): InferenceService | null {
  return (
    cluster.resources.inferenceservices.items.find((item) => item.meta.name === settings.baselineName) ?? null
  );
}

export function findDistributed(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
): LLMInferenceService | null {
  return (
    cluster.resources.llminferenceservices.items.find(
      (item) => item.meta.name === settings.distributedName,
    ) ?? null
  );
}

/** Pods of one replica: the size of a LeaderWorkerSet group, or one (kubernetes-objects §3.1). */
export function podsPerReplica(workload: LlmWorkload): number {
  if (!workload.hasWorker) return 1;
  const { data, dataLocal, pipeline } = workload.parallelism;
  if (pipeline !== null && pipeline > 1) return pipeline;
  if (data !== null && data > 0) return Math.max(1, Math.ceil(data / Math.max(1, dataLocal ?? 1)));
  return 1;
}

/** Engine pods an LLMInferenceService asks for; unset replicas mean one. */
export function wantedPods(service: LLMInferenceService): number {
  const workloads = service.prefill === null ? [service.main] : [service.main, service.prefill];
  return workloads.reduce((sum, workload) => sum + (workload.replicas ?? 1) * podsPerReplica(workload), 0);
}

/** GPUs each arm declares; zero for an arm that is not there. */
export function declaredGpus(settings: DemoSettings, cluster: ClusterSnapshot): Record<Arm, number> {
  const baseline = findBaseline(settings, cluster);
  const distributed = findDistributed(settings, cluster);
  return {
    baseline: baseline === null ? 0 : (baseline.minReplicas ?? 1) * countGpus(baseline.gpus),
    distributed:
      distributed === null
        ? 0
        : workloadGpus(distributed.main) +
          (distributed.prefill === null ? 0 : workloadGpus(distributed.prefill)),
  };
}

function workloadGpus(workload: LlmWorkload): number {
  const workers = podsPerReplica(workload) - 1;
  return (
    (workload.replicas ?? 1) * (countGpus(workload.templateGpus) + workers * countGpus(workload.workerGpus))
  );
}

/** GPUs still needed: what both arms declare minus what their live pods hold (contract, "Needed GPUs"). */
export function neededGpus(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  pods: readonly KubePod[],
): number {
  return missingGpus(settings, cluster, pods, holdsResources);
}

/** Quota still needed: a pod that Kueue has let go holds its quota, whether it has found a node or not. */
export function neededQuota(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  pods: readonly KubePod[],
): number {
  return missingGpus(
    settings,
    cluster,
    pods,
    (pod) => pod.schedulingGates.length === 0 && pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
}

function missingGpus(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  pods: readonly KubePod[],
  holds: (pod: KubePod) => boolean,
): number {
  const declared = declaredGpus(settings, cluster);
  return ARMS.reduce((sum, arm) => {
    const held = enginePods(pods, arm, settings)
      .filter((pod) => holds(pod) && pod.meta.deletedAt === null)
      .reduce((gpus, pod) => gpus + podGpus(pod.containers), 0);
    return sum + Math.max(0, declared[arm] - held);
  }, 0);
}

/** GPUs in use by node name, terminating pods included. */
export function requestedGpus(pods: readonly KubePod[]): ReadonlyMap<string, number> {
  const byNode = new Map<string, number>();
  for (const pod of pods) {
    if (pod.nodeName === null || !holdsResources(pod)) continue;
    const gpus = podGpus(pod.containers);
    if (gpus > 0) byNode.set(pod.nodeName, (byNode.get(pod.nodeName) ?? 0) + gpus);
  }
  return byNode;
}

/** Authentication is on unless the annotation says "false" (kubernetes-objects §1.4). */
export function wantsAuthentication(service: LLMInferenceService): boolean {
  return service.meta.annotations['security.opendatahub.io/enable-auth'] !== 'false';
}

/** Whether Kueue manages the demo's namespace; `null` where its labels cannot be read. */
export function isKueueManaged(settings: DemoSettings, cluster: ClusterSnapshot): boolean | null {
  const namespace = cluster.resources.namespace.items.find((item) => item.meta.name === settings.namespace);
  if (namespace === undefined) return null;
  return (
    namespace.meta.labels['kueue.openshift.io/managed'] === 'true' ||
    namespace.meta.labels['kueue-managed'] === 'true'
  );
}
