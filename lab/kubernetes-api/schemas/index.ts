import { type Kind, keyOf } from '../kinds.ts';
import * as around from './around-deployments.ts';
import * as platform from './platform.ts';
import { anyObject, object, type Schema } from './schema.ts';
import * as serving from './serving.ts';
import * as workloads from './workloads.ts';

/** Spec and status of the kinds whose fields the lab knows, by KindKey. */
const KNOWN: Record<string, Record<string, Schema>> = {
  pods: workloads.pod,
  services: workloads.service,
  configmaps: workloads.configMap,
  secrets: workloads.secret,
  'deployments.apps': workloads.deployment,
  'replicasets.apps': workloads.replicaSet,
  'llminferenceservices.serving.kserve.io': serving.llmInferenceService,
  'llminferenceserviceconfigs.serving.kserve.io': serving.llmInferenceServiceConfig,
  'inferenceservices.serving.kserve.io': serving.inferenceService,
  'servingruntimes.serving.kserve.io': serving.servingRuntime,
  'gatewayclasses.gateway.networking.k8s.io': platform.gatewayClass,
  'gateways.gateway.networking.k8s.io': platform.gateway,
  'httproutes.gateway.networking.k8s.io': platform.httpRoute,
  'inferencepools.inference.networking.x-k8s.io': platform.inferencePool,
  'inferencemodels.inference.networking.x-k8s.io': platform.inferenceModel,
  'leaderworkersets.leaderworkerset.x-k8s.io': platform.leaderWorkerSet,
  'clusterqueues.kueue.x-k8s.io': platform.clusterQueue,
  'localqueues.kueue.x-k8s.io': platform.localQueue,
  'resourceflavors.kueue.x-k8s.io': platform.resourceFlavor,
  'workloads.kueue.x-k8s.io': platform.workload,
  'subscriptions.operators.coreos.com': platform.subscription,
  'leaderworkersetoperators.operator.openshift.io': platform.managedOperator,
  'kueues.kueue.openshift.io': platform.managedOperator,
  'networkpolicies.networking.k8s.io': around.networkPolicy,
  'poddisruptionbudgets.policy': around.podDisruptionBudget,
  'referencegrants.gateway.networking.k8s.io': around.referenceGrant,
  'destinationrules.networking.istio.io': around.destinationRule,
  'consolelinks.console.openshift.io': around.consoleLink,
  'odhapplications.dashboard.opendatahub.io': around.odhApplication,
  'scaledobjects.keda.sh': around.scaledObject,
  'triggerauthentications.keda.sh': around.triggerAuthentication,
};

/** The schema of a kind below apiVersion, kind and metadata. Kinds that are not described take any fields. */
function fieldsOf(kind: Kind): Record<string, Schema> {
  return (
    KNOWN[keyOf(kind)] ?? {
      spec: anyObject,
      ...(kind.subresources.includes('status') ? { status: anyObject } : {}),
    }
  );
}

export function isDescribed(kind: Kind): boolean {
  return kind.definition !== undefined || keyOf(kind) in KNOWN;
}

export function schemaOf(kind: Kind): Schema {
  if (kind.definition !== undefined) return kind.definition.schema;
  return object(fieldsOf(kind));
}
