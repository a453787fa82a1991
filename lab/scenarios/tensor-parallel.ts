import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Container, PodSpec } from '../world/workload-types.ts';
import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { withChange } from './scene.ts';
import { createdAnew } from './service-children.ts';

const INSTANCE_TYPE = 'g6.12xlarge';
const NODE = 'ip-10-0-29-140.us-east-2.compute.internal';
const GPUS = '4';

interface Node extends KubernetesObject {
  status: { capacity: Record<string, string>; allocatable: Record<string, string> };
}

export const tensorParallel: Scenario = {
  description:
    'One llm-d pod with four GPUs of one node: the only place where one model really is spread over GPUs.',
  change: (healthy) => {
    const created = createdAnew(healthy, (draft) => {
      const template = draft.spec.template as PodSpec;
      const resources = {
        limits: { cpu: '32', memory: '160Gi', 'nvidia.com/gpu': GPUS },
        requests: { cpu: '16', memory: '96Gi', 'nvidia.com/gpu': GPUS },
      };
      const containers = template.containers.map(
        (container): Container => ({
          ...container,
          resources,
          env: [{ name: 'VLLM_ADDITIONAL_ARGS', value: `--tensor-parallel-size ${GPUS}` }],
        }),
      );
      draft.spec = {
        ...draft.spec,
        replicas: 1,
        parallelism: { tensor: Number(GPUS) },
        template: {
          ...template,
          containers,
          nodeSelector: { 'node.kubernetes.io/instance-type': INSTANCE_TYPE },
        },
      };
    });
    return withChange<Node>(created, 'Node', NODE, ({ metadata, status }) => {
      metadata.labels = {
        ...metadata.labels,
        'node.kubernetes.io/instance-type': INSTANCE_TYPE,
        'nvidia.com/gpu.count': GPUS,
        'nvidia.com/gpu.machine': INSTANCE_TYPE,
      };
      const size = { cpu: '48', memory: '196608Mi', 'nvidia.com/gpu': GPUS };
      Object.assign(status.capacity, size);
      Object.assign(status.allocatable, size, { cpu: '47500m', memory: '195000Mi' });
    });
  },
  settledMs: 20 * 60_000,
  expectations: [
    ...expectAll('warn', null, [
      ['gpu-nodes', 'kubernetes-objects §7.2 B17 (enough in total, but not of this type)'],
      ['distributed-pods', 'kubernetes-objects §7.3 D3 (one pod, two expected)'],
    ]),
    ...expectAll('not-applicable', null, [
      ['distributed-distinct-nodes', 'kubernetes-objects §3.9 (one pod with several GPUs has one node)'],
    ]),
  ],
};
