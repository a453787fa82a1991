import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ user: z.string() }) })),
  'current-context': z.string(),
});

/** What a request to the Kubernetes API of a lab needs, as its administrator. */
export interface LabApi {
  server: string;
  dispatcher: Dispatcher;
  headers: Record<string, string>;
}

export function openLabApi(kubeconfig: string, connections = 1): LabApi {
  const config = kubeconfigSchema.parse(JSON.parse(readFileSync(kubeconfig, 'utf8')));
  const [{ cluster }] = config.clusters;
  const current = config.contexts.find(({ name }) => name === config['current-context'])?.context.user;
  const token = config.users.find(({ name }) => name === current)?.user.token ?? '';
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  return {
    server: cluster.server,
    dispatcher: new Agent({ connections, connect: { ca } }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  };
}

export async function create({ server, ...api }: LabApi, path: string, object: unknown): Promise<void> {
  const { statusCode, body } = await request(`${server}${path}`, {
    method: 'POST',
    ...api,
    body: JSON.stringify(object),
  });
  const answer = await body.text();
  if (statusCode !== 201) throw new Error(`${path}: ${statusCode} ${answer}`);
}

/** Creates one object in a running lab. */
export async function createInLab(labFolder: string, path: string, object: unknown): Promise<void> {
  const api = openLabApi(join(labFolder, 'kubeconfig'));
  await create(api, path, object);
  await api.dispatcher.close();
}
