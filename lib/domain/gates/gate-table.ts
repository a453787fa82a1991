import { BASELINE_GATES } from './baseline';
import { CLUSTER_VERSION_GATES } from './cluster-version';
import { CONNECTIVITY_LINK_GATES } from './connectivity-link';
import { DISTRIBUTED_ENDPOINT_GATES } from './distributed-endpoint';
import { DISTRIBUTED_POD_GATES } from './distributed-pods';
import { DISTRIBUTED_SCHEDULER_GATES } from './distributed-scheduler';
import { DISTRIBUTED_SERVICE_GATES } from './distributed-service';
import { GATE_IDS, type GateRow } from './gate-row';
import { GATEWAY_GATES } from './gateway';
import { GPU_NODE_GATES } from './gpu-nodes';
import { GPU_OPERATOR_GATES } from './gpu-operator';
import { KUEUE_GATES } from './kueue';
import { METRICS_GATES } from './metrics';
import { OPENSHIFT_AI_GATES } from './openshift-ai';
import { OPERATIONS_GATES } from './operations';
import { SERVING_API_GATES } from './serving-api';

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
];

/** Every gate, causes before effects, in the order of `GATE_IDS`. */
export const GATES: readonly GateRow[] = GATE_IDS.flatMap((id) => ROWS.filter((row) => row.id === id));
