import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Creates an object with the Kubernetes API of a running lab, as its administrator would. */
export async function createInLab(labFolder: string, path: string, object: unknown): Promise<void> {
  const config = kubeconfigSchema.parse(JSON.parse(readFileSync(join(labFolder, 'kubeconfig'), 'utf8')));
  const [{ cluster }] = config.clusters;
  const user = config.contexts.find(({ name }) => name === config['current-context'])?.context.user;
  const token = config.users.find(({ name }) => name === user)?.user.token ?? '';
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  const dispatcher = new Agent({ connect: { ca } });
  const { statusCode, body } = await request(`${cluster.server}${path}`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  const answer = await body.text();
  await dispatcher.close();
  if (statusCode !== 201) throw new Error(`${path}: ${statusCode} ${answer}`);
}
