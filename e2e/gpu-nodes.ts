import { request } from 'undici';
import { z } from 'zod';
import { create, openLabApi } from './lab-api';

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({ taints: z.array(z.unknown()).optional() }),
      status: z.looseObject({ allocatable: z.record(z.string(), z.string()).optional() }),
    }),
  ),
});

const AT_ONCE = 25;
const NODES = '/api/v1/nodes';

/** Registers so many more nodes like the demo's own, free ones, with the Kubernetes API of a lab. */
export async function addGpuNodes(kubeconfig: string, count: number): Promise<void> {
  const api = openLabApi(kubeconfig, AT_ONCE);
  const { server, ...rest } = api;
  const { items } = nodesSchema.parse(await (await request(`${server}${NODES}`, rest)).body.json());
  const model = items.find(({ status }) => status.allocatable?.['nvidia.com/gpu'] === '1');
  if (model === undefined) throw new Error('the lab has no node with one GPU');
  const add = async (number: number): Promise<void> => {
    const name = `ip-10-7-${Math.floor(number / 250)}-${number % 250}.us-east-2.compute.internal`;
    const labels = { ...model.metadata.labels, 'kubernetes.io/hostname': name };
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: model.spec,
      status: model.status,
    };
    await create(api, NODES, node);
  };
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, offset) => add(first + offset)),
    );
  }
  await api.dispatcher.close();
}
