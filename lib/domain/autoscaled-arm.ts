import type { ClusterSnapshot } from './cluster';
import { belongsToInferenceService, belongsToLlmService, isSchedulerObject } from './objects/arms';
import type { HorizontalPodAutoscaler } from './objects/core';
import type { ObjectMeta } from './objects/meta';
import type { DemoSettings } from './settings';
import type { Arm } from './vocabulary';

/**
 * Whether an autoscaler changes the number of an arm's engines: its target is the arm's service or one of its workloads,
 * not the picker's. Where the workload cannot be seen, the autoscaler's own labels and the target's name decide.
 */
export function scalesArm(
  hpa: HorizontalPodAutoscaler,
  arm: Arm,
  settings: DemoSettings,
  cluster: ClusterSnapshot,
): boolean {
  const { target } = hpa;
  if (target === null) return false;
  const service = arm === 'baseline' ? settings.baselineName : settings.distributedName;
  const serviceKind = arm === 'baseline' ? 'InferenceService' : 'LLMInferenceService';
  if (target.kind === serviceKind) return target.name === service;
  const { deployments, leaderworkersets } = cluster.resources;
  const workload = (target.kind === 'LeaderWorkerSet' ? leaderworkersets : deployments).items.find(
    ({ meta }) => meta.name === target.name,
  );
  if (workload !== undefined)
    return belongsTo(workload.meta, arm, settings) && !isSchedulerObject(workload.meta);
  return belongsTo(hpa.meta, arm, settings) || ENGINE_WORKLOADS[arm](service).includes(target.name);
}

/** As the controllers name what runs an arm's engines (kubernetes-objects §3.6, §4). */
const ENGINE_WORKLOADS: Record<Arm, (service: string) => readonly string[]> = {
  baseline: (service) => [service, `${service}-predictor`],
  distributed: (service) => [
    service,
    `${service}-kserve`,
    `${service}-kserve-prefill`,
    `${service}-kserve-mn`,
    `${service}-kserve-mn-prefill`,
  ],
};

function belongsTo(meta: ObjectMeta, arm: Arm, settings: DemoSettings): boolean {
  return arm === 'baseline'
    ? belongsToInferenceService(meta, settings.baselineName)
    : belongsToLlmService(meta, settings.distributedName);
}
