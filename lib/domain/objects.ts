import type {
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  KubeEvent,
  KubeNamespace,
  KubeNode,
  KubePod,
  KubeService,
  MonitoringConfig,
} from './objects/core';
import type { Gateway, GatewayClass, HttpRoute, InferencePool, Route } from './objects/networking';
import type {
  ArgoApplication,
  Authorino,
  AuthPolicy,
  ClusterOperator,
  ClusterPolicy,
  ClusterQueue,
  ClusterServiceVersion,
  ClusterVersion,
  DataScienceCluster,
  HardwareProfile,
  Kuadrant,
  LeaderWorkerSetOperator,
  LocalQueue,
  NamedObject,
  Subscription,
} from './objects/platform';
import type { InferenceService, LLMInferenceService } from './objects/serving';

/**
 * Every watched resource and the type of its parsed objects. The request behind each id is one row of the
 * table in lib/server/kubernetes/resources.ts.
 */
export interface ClusterObjects {
  nodes: KubeNode;
  /** Pods of all namespaces that may hold a GPU; without the right, `pods` is all there is. */
  'pods-all': KubePod;
  /** Pods of the demo's namespace. */
  pods: KubePod;
  namespace: KubeNamespace;
  services: KubeService;
  events: KubeEvent;
  hpas: HorizontalPodAutoscaler;
  cronjob: CronJob;
  'monitoring-config': MonitoringConfig;
  llminferenceservices: LLMInferenceService;
  inferenceservices: InferenceService;
  /** Deployments of the serving controllers (namespace redhat-ods-applications). */
  controllers: Deployment;
  /** Workloads of the demo's namespace, for the tree under each service. Their counts mean pods, for a LeaderWorkerSet groups. */
  deployments: Deployment;
  replicasets: Deployment;
  statefulsets: Deployment;
  leaderworkersets: Deployment;
  /** LLMInferenceServiceConfigs of the platform, and those of the demo's namespace, which override them. */
  presets: NamedObject;
  'preset-overrides': NamedObject;
  hardwareprofiles: HardwareProfile;
  gatewayclasses: GatewayClass;
  gateway: Gateway;
  httproutes: HttpRoute;
  /** inference.networking.x-k8s.io/v1alpha2, which RHOAI 3.0 uses. */
  inferencepools: InferencePool;
  /** inference.networking.k8s.io/v1, which later releases use. */
  'inferencepools-v1': InferencePool;
  routes: Route;
  clusterqueues: ClusterQueue;
  localqueues: LocalQueue;
  clusterversion: ClusterVersion;
  /** ClusterOperator `ingress`. */
  'ingress-operator': ClusterOperator;
  subscriptions: Subscription;
  clusterserviceversions: ClusterServiceVersion;
  clusterpolicies: ClusterPolicy;
  datascienceclusters: DataScienceCluster;
  leaderworkersetoperator: LeaderWorkerSetOperator;
  kuadrants: Kuadrant;
  authorinos: Authorino;
  /** Service of Authorino's gRPC port; its annotation asks for the certificate. */
  'authorino-service': KubeService;
  /** CustomResourceDefinition authpolicies.kuadrant.io, for its age. */
  'authpolicy-crd': NamedObject;
  /** AuthPolicies beside the Gateway. */
  'gateway-authpolicies': AuthPolicy;
  application: ArgoApplication;
  /** Route of the OpenShift console, for the link to it. */
  'console-route': Route;
  /** Route of Argo CD, for the link to it. */
  'argocd-route': Route;
}

export type ResourceId = keyof ClusterObjects;
