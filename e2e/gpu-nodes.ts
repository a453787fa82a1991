import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { z } from 'zod';

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ user: z.string() }) })),
  'current-context': z.string(),
});

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

/** Registers so many more nodes like the demo's own, free ones, with the Kubernetes API of a lab. */
export async function addGpuNodes(kubeconfig: string, count: number): Promise<void> {
  const config = kubeconfigSchema.parse(JSON.parse(readFileSync(kubeconfig, 'utf8')));
  const [{ cluster }] = config.clusters;
  const current = config.contexts.find(({ name }) => name === config['current-context'])?.context.user;
  const token = config.users.find(({ name }) => name === current)?.user.token ?? '';
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  const dispatcher = new Agent({ connections: AT_ONCE, connect: { ca } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const nodes = `${cluster.server}/api/v1/nodes`;
  const { items } = nodesSchema.parse(await (await request(nodes, { dispatcher, headers })).body.json());
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
    const { statusCode, body } = await request(nodes, {
      method: 'POST',
      dispatcher,
      headers,
      body: JSON.stringify(node),
    });
    const answer = await body.text();
    if (statusCode !== 201) throw new Error(`${name}: ${statusCode} ${answer}`);
  };
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, offset) => add(first + offset)),
    );
  }
  await dispatcher.close();
}
