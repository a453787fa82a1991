import 'server-only';
import type { ResourceId } from '@/lib/domain/objects';
import type { DemoSettings } from '@/lib/domain/settings';
import type { AnyResourceDefinition, ExplainedKind, ResourceDefinition } from './resource-definition';
import {
  parseCronJob,
  parseDeployment,
  parseEvent,
  parseHorizontalPodAutoscaler,
  parseMonitoringConfig,
  parseNamespace,
  parseNode,
  parseService,
} from './wire/core';
import {
  parseGateway,
  parseGatewayClass,
  parseHttpRoute,
  parseInferencePool,
  parseRoute,
} from './wire/networking';
import {
  parseApplication,
  parseAuthorino,
  parseAuthPolicy,
  parseClusterOperator,
  parseClusterPolicy,
  parseClusterQueue,
  parseClusterServiceVersion,
  parseClusterVersion,
  parseDataScienceCluster,
  parseHardwareProfile,
  parseKuadrant,
  parseLeaderWorkerSetOperator,
  parseLocalQueue,
  parseNamedObject,
  parseSubscription,
} from './wire/platform';
import { parsePod } from './wire/pods';
import { parseInferenceService, parseLlmInferenceService } from './wire/serving';

/** One row per id: the mapped type makes a missing or mistyped row a type error. */
type ResourceTable = { readonly [Id in ResourceId]: ResourceDefinition<Id> };

/** Where the platform keeps its controllers, presets and hardware profiles. */
const PLATFORM_NAMESPACE = 'redhat-ods-applications';

/** Name of the one object of a kind, as a field selector: a right limited by resourceNames is enough for it. */
function only(name: string): string {
  return `metadata.name=${name}`;
}

/**
 * Everything the gates and the placement watch, with the least rights that do: namespaced where the kind is,
 * one object by name where only one matters.
 */
export function resourceDefinitions(settings: DemoSettings): readonly AnyResourceDefinition[] {
  return Object.values(resourceTable(settings));
}

function resourceTable(settings: DemoSettings): ResourceTable {
  const { namespace } = settings;
  return {
    nodes: { id: 'nodes', group: '', version: 'v1', plural: 'nodes', namespace: null, parse: parseNode },
    'pods-all': {
      id: 'pods-all',
      group: '',
      version: 'v1',
      plural: 'pods',
      namespace: null,
      // Finished pods hold no GPU.
      fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
      parse: parsePod,
    },
    pods: { id: 'pods', group: '', version: 'v1', plural: 'pods', namespace, parse: parsePod },
    namespace: {
      id: 'namespace',
      group: '',
      version: 'v1',
      plural: 'namespaces',
      namespace: null,
      fieldSelector: only(namespace),
      parse: parseNamespace,
    },
    services: {
      id: 'services',
      group: '',
      version: 'v1',
      plural: 'services',
      namespace,
      parse: parseService,
    },
    events: { id: 'events', group: '', version: 'v1', plural: 'events', namespace, parse: parseEvent },
    controllers: {
      id: 'controllers',
      group: 'apps',
      version: 'v1',
      plural: 'deployments',
      namespace: PLATFORM_NAMESPACE,
      parse: parseDeployment,
    },
    deployments: {
      id: 'deployments',
      group: 'apps',
      version: 'v1',
      plural: 'deployments',
      namespace,
      parse: parseDeployment,
    },
    replicasets: {
      id: 'replicasets',
      group: 'apps',
      version: 'v1',
      plural: 'replicasets',
      namespace,
      parse: parseDeployment,
    },
    statefulsets: {
      id: 'statefulsets',
      group: 'apps',
      version: 'v1',
      plural: 'statefulsets',
      namespace,
      parse: parseDeployment,
    },
    leaderworkersets: {
      id: 'leaderworkersets',
      group: 'leaderworkerset.x-k8s.io',
      version: 'v1',
      plural: 'leaderworkersets',
      namespace,
      parse: parseDeployment,
    },
    presets: {
      id: 'presets',
      group: 'serving.kserve.io',
      version: 'v1alpha1',
      otherVersions: ['v1alpha2', 'v1'],
      plural: 'llminferenceserviceconfigs',
      namespace: PLATFORM_NAMESPACE,
      parse: parseNamedObject,
    },
    'preset-overrides': {
      id: 'preset-overrides',
      group: 'serving.kserve.io',
      version: 'v1alpha1',
      otherVersions: ['v1alpha2', 'v1'],
      plural: 'llminferenceserviceconfigs',
      namespace,
      parse: parseNamedObject,
    },
    hardwareprofiles: {
      id: 'hardwareprofiles',
      group: 'infrastructure.opendatahub.io',
      version: 'v1',
      otherVersions: ['v1alpha1'],
      plural: 'hardwareprofiles',
      namespace: PLATFORM_NAMESPACE,
      parse: parseHardwareProfile,
    },
    hpas: {
      id: 'hpas',
      group: 'autoscaling',
      version: 'v2',
      plural: 'horizontalpodautoscalers',
      namespace,
      parse: parseHorizontalPodAutoscaler,
    },
    cronjob: {
      id: 'cronjob',
      group: 'batch',
      version: 'v1',
      plural: 'cronjobs',
      namespace,
      fieldSelector: only(settings.benchmarkCronJob),
      parse: parseCronJob,
    },
    'monitoring-config': {
      id: 'monitoring-config',
      group: '',
      version: 'v1',
      plural: 'configmaps',
      namespace: 'openshift-monitoring',
      fieldSelector: only('cluster-monitoring-config'),
      parse: parseMonitoringConfig,
    },
    llminferenceservices: {
      id: 'llminferenceservices',
      group: 'serving.kserve.io',
      version: 'v1alpha1',
      otherVersions: ['v1alpha2', 'v1'],
      plural: 'llminferenceservices',
      namespace,
      parse: parseLlmInferenceService,
    },
    inferenceservices: {
      id: 'inferenceservices',
      group: 'serving.kserve.io',
      version: 'v1beta1',
      plural: 'inferenceservices',
      namespace,
      parse: parseInferenceService,
    },
    gatewayclasses: {
      id: 'gatewayclasses',
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      plural: 'gatewayclasses',
      namespace: null,
      parse: parseGatewayClass,
    },
    gateway: {
      id: 'gateway',
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      plural: 'gateways',
      namespace: settings.gateway.namespace,
      fieldSelector: only(settings.gateway.name),
      parse: parseGateway,
    },
    httproutes: {
      id: 'httproutes',
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      plural: 'httproutes',
      namespace,
      parse: parseHttpRoute,
    },
    inferencepools: {
      id: 'inferencepools',
      group: 'inference.networking.x-k8s.io',
      version: 'v1alpha2',
      plural: 'inferencepools',
      namespace,
      parse: parseInferencePool,
    },
    'inferencepools-v1': {
      id: 'inferencepools-v1',
      group: 'inference.networking.k8s.io',
      version: 'v1',
      plural: 'inferencepools',
      namespace,
      parse: parseInferencePool,
    },
    routes: {
      id: 'routes',
      group: 'route.openshift.io',
      version: 'v1',
      plural: 'routes',
      namespace,
      parse: parseRoute,
    },
    clusterqueues: {
      id: 'clusterqueues',
      group: 'kueue.x-k8s.io',
      version: 'v1beta1',
      otherVersions: ['v1beta2'],
      plural: 'clusterqueues',
      namespace: null,
      parse: parseClusterQueue,
    },
    localqueues: {
      id: 'localqueues',
      group: 'kueue.x-k8s.io',
      version: 'v1beta1',
      otherVersions: ['v1beta2'],
      plural: 'localqueues',
      namespace,
      parse: parseLocalQueue,
    },
    clusterversion: {
      id: 'clusterversion',
      group: 'config.openshift.io',
      version: 'v1',
      plural: 'clusterversions',
      namespace: null,
      fieldSelector: only('version'),
      parse: parseClusterVersion,
    },
    'ingress-operator': {
      id: 'ingress-operator',
      group: 'config.openshift.io',
      version: 'v1',
      plural: 'clusteroperators',
      namespace: null,
      fieldSelector: only('ingress'),
      parse: parseClusterOperator,
    },
    subscriptions: {
      id: 'subscriptions',
      group: 'operators.coreos.com',
      version: 'v1alpha1',
      plural: 'subscriptions',
      namespace: null,
      parse: parseSubscription,
    },
    clusterserviceversions: {
      id: 'clusterserviceversions',
      group: 'operators.coreos.com',
      version: 'v1alpha1',
      plural: 'clusterserviceversions',
      namespace: null,
      // Global operators are copied into every namespace; only the originals count.
      labelSelector: '!olm.copiedFrom',
      parse: parseClusterServiceVersion,
    },
    clusterpolicies: {
      id: 'clusterpolicies',
      group: 'nvidia.com',
      version: 'v1',
      plural: 'clusterpolicies',
      namespace: null,
      parse: parseClusterPolicy,
    },
    datascienceclusters: {
      id: 'datascienceclusters',
      group: 'datasciencecluster.opendatahub.io',
      version: 'v2',
      otherVersions: ['v1'],
      plural: 'datascienceclusters',
      namespace: null,
      parse: parseDataScienceCluster,
    },
    leaderworkersetoperator: {
      id: 'leaderworkersetoperator',
      group: 'operator.openshift.io',
      version: 'v1',
      plural: 'leaderworkersetoperators',
      namespace: null,
      fieldSelector: only('cluster'),
      parse: parseLeaderWorkerSetOperator,
    },
    kuadrants: {
      id: 'kuadrants',
      group: 'kuadrant.io',
      version: 'v1beta1',
      plural: 'kuadrants',
      namespace: 'kuadrant-system',
      parse: parseKuadrant,
    },
    authorinos: {
      id: 'authorinos',
      group: 'operator.authorino.kuadrant.io',
      version: 'v1beta1',
      plural: 'authorinos',
      namespace: 'kuadrant-system',
      parse: parseAuthorino,
    },
    'authorino-service': {
      id: 'authorino-service',
      group: '',
      version: 'v1',
      plural: 'services',
      namespace: 'kuadrant-system',
      fieldSelector: only('authorino-authorino-authorization'),
      parse: parseService,
    },
    'authpolicy-crd': {
      id: 'authpolicy-crd',
      group: 'apiextensions.k8s.io',
      version: 'v1',
      plural: 'customresourcedefinitions',
      namespace: null,
      fieldSelector: only('authpolicies.kuadrant.io'),
      parse: parseNamedObject,
    },
    'gateway-authpolicies': {
      id: 'gateway-authpolicies',
      group: 'kuadrant.io',
      version: 'v1',
      plural: 'authpolicies',
      namespace: settings.gateway.namespace,
      parse: parseAuthPolicy,
    },
    application: {
      id: 'application',
      group: 'argoproj.io',
      version: 'v1alpha1',
      plural: 'applications',
      namespace: settings.argocdApplication.namespace,
      fieldSelector: only(settings.argocdApplication.name),
      parse: parseApplication,
    },
    'console-route': {
      id: 'console-route',
      group: 'route.openshift.io',
      version: 'v1',
      plural: 'routes',
      namespace: 'openshift-console',
      fieldSelector: only('console'),
      parse: parseRoute,
    },
    'argocd-route': {
      id: 'argocd-route',
      group: 'route.openshift.io',
      version: 'v1',
      plural: 'routes',
      namespace: settings.argocdApplication.namespace,
      fieldSelector: only('openshift-gitops-server'),
      parse: parseRoute,
    },
  };
}

/** Group versions whose resource lists the gates read (`GET /apis/<group>/<version>`). */
export const discoveredGroupVersions: readonly string[] = [
  'serving.kserve.io/v1alpha1',
  'serving.kserve.io/v1alpha2',
  'serving.kserve.io/v1',
  'leaderworkerset.x-k8s.io/v1',
  'operator.openshift.io/v1',
  'inference.networking.x-k8s.io/v1alpha2',
  'inference.networking.k8s.io/v1',
];

/** Kinds whose schema the gates read, as `oc explain` does. */
export const explainedKinds: readonly ExplainedKind[] = [
  { groupVersion: 'serving.kserve.io/v1alpha1', kind: 'LLMInferenceService' },
  { groupVersion: 'serving.kserve.io/v1alpha2', kind: 'LLMInferenceService' },
  { groupVersion: 'serving.kserve.io/v1', kind: 'LLMInferenceService' },
];
