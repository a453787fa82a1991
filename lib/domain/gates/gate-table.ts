import { ABSENCE_GATES } from './absences';
import { AUTOSCALING_GATES } from './autoscaling';
import { BASELINE_GATES } from './baseline';
import { CLUSTER_VERSION_GATES } from './cluster-version';
import { CONNECTIVITY_LINK_GATES } from './connectivity-link';
import { CREDENTIAL_GATES } from './credential-lifetime';
import { DISTRIBUTED_ENDPOINT_GATES } from './distributed-endpoint';
import { DISTRIBUTED_EVENT_GATES } from './distributed-events';
import { DISTRIBUTED_POD_GATES } from './distributed-pods';
import { DISTRIBUTED_SCHEDULER_GATES } from './distributed-scheduler';
import { DISTRIBUTED_SERVICE_GATES } from './distributed-service';
import { ENDPOINT_AUTHENTICATION_GATES } from './endpoint-authentication';
import { ENDPOINT_PICKER_GATES } from './endpoint-picker';
import { ENGINE_CONFIGURATION_GATES } from './engine-configuration';
import { ENGINE_POD_GATES } from './engine-pods';
import { GATE_IDS, type GateRow } from './gate-row';
import { GATEWAY_GATES } from './gateway';
import { GATEWAY_AUTHENTICATION_GATES } from './gateway-authentication';
import { GPU_NODE_GATES } from './gpu-nodes';
import { GPU_OPERATOR_GATES } from './gpu-operator';
import { GPU_SETUP_GATES } from './gpu-setup';
import { INFERENCE_API_GATES } from './inference-apis';
import { KUEUE_GATES } from './kueue';
import { KUEUE_QUEUE_GATES } from './kueue-queue-mismatch';
import { LEADER_WORKER_SET_OPERATOR_GATES } from './leader-worker-set-operator';
import { METRICS_GATES } from './metrics';
import { MONITORING_GATES } from './monitoring';
import { OPENSHIFT_AI_GATES } from './openshift-ai';
import { OPERATIONS_GATES } from './operations';
import { PLATFORM_OPERATOR_GATES } from './platform-operators';
import { SERVING_API_GATES } from './serving-api';
import { SERVING_CONTROLLER_GATES } from './serving-controllers';
import { SERVING_PRESET_GATES } from './serving-presets';
import { STREAM_TIMEOUT_GATES } from './stream-timeouts';

const ROWS: readonly GateRow[] = [
  ...CLUSTER_VERSION_GATES,
  ...GPU_OPERATOR_GATES,
  ...GPU_NODE_GATES,
  ...OPENSHIFT_AI_GATES,
  ...SERVING_API_GATES,
  ...GATEWAY_GATES,
  ...CONNECTIVITY_LINK_GATES,
  ...KUEUE_GATES,
  ...BASELINE_GATES,
  ...DISTRIBUTED_SERVICE_GATES,
  ...DISTRIBUTED_POD_GATES,
  ...DISTRIBUTED_SCHEDULER_GATES,
  ...DISTRIBUTED_ENDPOINT_GATES,
  ...METRICS_GATES,
  ...OPERATIONS_GATES,
  ...ABSENCE_GATES,
  ...ENDPOINT_AUTHENTICATION_GATES,
  ...GATEWAY_AUTHENTICATION_GATES,
  ...AUTOSCALING_GATES,
  ...CREDENTIAL_GATES,
  ...DISTRIBUTED_EVENT_GATES,
  ...ENDPOINT_PICKER_GATES,
  ...ENGINE_CONFIGURATION_GATES,
  ...ENGINE_POD_GATES,
  ...GPU_SETUP_GATES,
  ...INFERENCE_API_GATES,
  ...KUEUE_QUEUE_GATES,
  ...LEADER_WORKER_SET_OPERATOR_GATES,
  ...MONITORING_GATES,
  ...PLATFORM_OPERATOR_GATES,
  ...SERVING_CONTROLLER_GATES,
  ...SERVING_PRESET_GATES,
  ...STREAM_TIMEOUT_GATES,
];

/** Every gate, causes before effects, in the order of `GATE_IDS`. */
export const GATES: readonly GateRow[] = GATE_IDS.flatMap((id) => ROWS.filter((row) => row.id === id));
