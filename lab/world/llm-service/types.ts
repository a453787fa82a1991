import type { KubernetesObject, ObjectMeta, OwnerReference } from '../../kubernetes-api/object.ts';
import type { StatusWithConditions } from '../serving-conditions.ts';
import type { PodSpec } from '../workload-types.ts';

export const LLM_SERVICES = 'llminferenceservices.serving.kserve.io';
export const LLM_CONFIGS = 'llminferenceserviceconfigs.serving.kserve.io';
export const POOLS = 'inferencepools.inference.networking.x-k8s.io';
export const MODELS = 'inferencemodels.inference.networking.x-k8s.io';
export const ROUTES = 'httproutes.gateway.networking.k8s.io';
export const GATEWAYS = 'gateways.gateway.networking.k8s.io';
export const WORKER_SETS = 'leaderworkersets.leaderworkerset.x-k8s.io';
export const AUTH_POLICIES = 'authpolicies.kuadrant.io';
export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Where KServe keeps its presets. */
export const PLATFORM_NAMESPACE = 'redhat-ods-applications';
/** The Gateway that a service without own references uses (ConfigMap `inferenceservice-config`). */
export const MANAGED_GATEWAY = { namespace: 'openshift-ingress', name: 'openshift-ai-inference' };
export const GATEWAY_CONTROLLER = 'openshift.io/gateway-controller/v1';
export const POLICY_CONTROLLER = 'kuadrant.io/policy-controller';

export interface ObjectName {
  name: string;
  namespace?: string;
}

export interface Workload {
  replicas?: number;
  parallelism?: {
    tensor?: number;
    pipeline?: number;
    data?: number;
    dataLocal?: number;
    dataRPCPort?: number;
    expert?: boolean;
  };
  template?: PodSpec;
  worker?: PodSpec;
}

export interface LlmServiceSpec extends Workload {
  model: { uri: string; name?: string; criticality?: string };
  prefill?: Workload;
  baseRefs?: { name: string }[];
  router?: {
    gateway?: { refs?: ObjectName[] };
    route?: { http?: { refs?: ObjectName[]; spec?: Record<string, unknown> } };
    scheduler?: { template?: PodSpec; pool?: { ref?: ObjectName; spec?: Record<string, unknown> } };
  };
}

export interface LlmInferenceService extends KubernetesObject {
  spec: LlmServiceSpec;
  status?: StatusWithConditions & { url?: string; addresses?: { url: string }[] };
}

/** A child as the controller wants it. */
export interface Child {
  /** The store's key of its kind. */
  kind: string;
  /** As its creation is announced: `v1.Deployment`. */
  announced: string;
  metadata: ObjectMeta;
  fields: Record<string, unknown>;
}

export function ownerReference({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference {
  return {
    apiVersion,
    blockOwnerDeletion: true,
    controller: true,
    kind,
    name: metadata.name,
    uid: metadata.uid ?? '',
  };
}

/** The labels that every child carries. */
export function appLabels(service: LlmInferenceService, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/name': service.metadata.name,
    'app.kubernetes.io/part-of': 'llminferenceservice',
  };
}

export function modelName({ metadata, spec }: LlmInferenceService): string {
  return spec.model.name ?? metadata.name;
}
