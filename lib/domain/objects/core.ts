import type { Condition, ObjectMeta } from './meta';

export interface Taint {
  key: string;
  value: string | null;
  effect: string;
}

/** What a pod says it can stand; a missing effect or key stands for all of them. */
export interface Toleration {
  key: string | null;
  operator: string | null;
  value: string | null;
  effect: string | null;
}

/** When a probe gives a container up, with the defaults of the API filled in. */
export interface ProbePatience {
  initialDelaySeconds: number;
  periodSeconds: number;
  failureThreshold: number;
}

/** Amounts per resource name, parsed from Kubernetes quantities: bytes, cores, pieces. */
export type Amounts = Readonly<Record<string, number>>;

export interface KubeNode {
  meta: ObjectMeta;
  unschedulable: boolean;
  taints: readonly Taint[];
  capacity: Amounts;
  allocatable: Amounts;
  conditions: readonly Condition[];
}

export type ContainerState =
  | { kind: 'waiting'; reason: string | null; message: string | null }
  | { kind: 'running'; startedAt: string | null }
  | { kind: 'terminated'; reason: string | null; exitCode: number | null; finishedAt: string | null };

export interface ContainerStatus {
  name: string;
  init: boolean;
  ready: boolean;
  /** Its startup probe has succeeded, or it has none and runs; `null` where it is not told. */
  started: boolean | null;
  restarts: number;
  state: ContainerState | null;
  /** The run before this one. */
  lastTermination: { reason: string | null; exitCode: number | null; startedAt: string | null } | null;
}

export interface PodContainer {
  name: string;
  /** Init containers that restart (`restartPolicy: Always`) add to the pod's request; the others count as a maximum. */
  kind: 'app' | 'init' | 'sidecar';
  image: string | null;
  command: readonly string[];
  args: readonly string[];
  /** Value of VLLM_ADDITIONAL_ARGS, the supported way to hand arguments to the engine; no other value is kept. */
  additionalEngineArgs: string | null;
  /** Names of all environment variables; of their values none is kept. */
  environmentNames: readonly string[];
  livenessProbe: ProbePatience | null;
  startupProbe: ProbePatience | null;
  /** Extended resources (`nvidia.com/gpu`, …) from limits, else requests. */
  gpus: Amounts;
}

export interface KubePod {
  meta: ObjectMeta;
  nodeName: string | null;
  nodeSelector: Readonly<Record<string, string>>;
  tolerations: readonly Toleration[];
  schedulingGates: readonly string[];
  containers: readonly PodContainer[];
  phase: string;
  podIp: string | null;
  startedAt: string | null;
  conditions: readonly Condition[];
  containerStatuses: readonly ContainerStatus[];
}

export interface KubeNamespace {
  meta: ObjectMeta;
  phase: string | null;
}

export interface KubeService {
  meta: ObjectMeta;
  type: string | null;
  /** `None` for a headless Service. */
  clusterIp: string | null;
  selector: Readonly<Record<string, string>>;
  ports: readonly {
    name: string | null;
    port: number;
    targetPort: string | null;
    appProtocol: string | null;
  }[];
}

export interface KubeEvent {
  meta: ObjectMeta;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  object: { kind: string; name: string; namespace: string | null; uid: string | null };
  /** Newest of series, last, event, first and creation time; ISO 8601. */
  at: string | null;
  count: number | null;
}

export interface Deployment {
  meta: ObjectMeta;
  replicas: number | null;
  readyReplicas: number;
  updatedReplicas: number;
  conditions: readonly Condition[];
}

export interface HorizontalPodAutoscaler {
  meta: ObjectMeta;
  target: { kind: string; name: string } | null;
  minReplicas: number | null;
  maxReplicas: number | null;
  currentReplicas: number | null;
  desiredReplicas: number | null;
  /** Target and present value as the API writes them: `80 %`, `4`. */
  metrics: readonly { name: string; target: string | null; current: string | null }[];
}

export interface CronJob {
  meta: ObjectMeta;
  schedule: string | null;
  suspended: boolean;
  lastScheduleAt: string | null;
  lastSuccessAt: string | null;
}

/** ConfigMap `cluster-monitoring-config`, reduced to the one flag that decides. */
export interface MonitoringConfig {
  meta: ObjectMeta;
  enableUserWorkload: boolean | null;
}
