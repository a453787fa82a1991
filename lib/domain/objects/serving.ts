import type { Amounts } from './core';
import type { Condition, ObjectMeta } from './meta';

export interface Parallelism {
  tensor: number | null;
  pipeline: number | null;
  data: number | null;
  dataLocal: number | null;
}

/** One workload of an LLMInferenceService: the main one, or prefill. */
export interface LlmWorkload {
  replicas: number | null;
  parallelism: Parallelism;
  /** `spec.worker` is set: a LeaderWorkerSet is made (kubernetes-objects §1.2). */
  hasWorker: boolean;
  /** Extended resources declared by one pod of `template` / of `worker`. */
  templateGpus: Amounts;
  /** Containers of `template` by name, with the GPUs each declares. */
  templateContainers: readonly { name: string; gpus: number }[];
  workerGpus: Amounts;
}

/** serving.kserve.io/v1alpha1 LLMInferenceService (kubernetes-objects §3). */
export interface LLMInferenceService {
  meta: ObjectMeta;
  model: { name: string | null; uri: string | null };
  main: LlmWorkload;
  prefill: LlmWorkload | null;
  router: {
    hasRoute: boolean;
    hasScheduler: boolean;
    hasGateway: boolean;
    gatewayRefs: readonly { namespace: string | null; name: string }[];
  } | null;
  observedGeneration: number | null;
  url: string | null;
  addresses: readonly string[];
  conditions: readonly Condition[];
}

/** serving.kserve.io/v1beta1 InferenceService (kubernetes-objects §4). */
export interface InferenceService {
  meta: ObjectMeta;
  minReplicas: number | null;
  maxReplicas: number | null;
  /** Where the weights come from (`storageUri`). */
  modelUri: string | null;
  args: readonly string[];
  gpus: Amounts;
  url: string | null;
  deploymentMode: string | null;
  modelStatus: {
    transitionStatus: string | null;
    activeModelState: string | null;
    lastFailure: { reason: string | null; message: string | null } | null;
  } | null;
  conditions: readonly Condition[];
  observedGeneration: number | null;
}
