/** The part of a kubeconfig that says where an API server is and who asks. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

export interface Access {
  server: string;
  /** Authority of the server; absent means the system's own. */
  ca?: string;
  isInsecure: boolean;
  token?: string;
  /** Client certificate and key, PEM. */
  cert?: string;
  key?: string;
}

interface Named {
  name: string;
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: Record<string, unknown>;
}

function entry(list: unknown, name: unknown, what: string): Named {
  const found = Array.isArray(list)
    ? (list as Named[]).find((candidate) => candidate.name === name)
    : undefined;
  if (found === undefined) throw new Error(`the kubeconfig has no ${what} called ${JSON.stringify(name)}`);
  return found;
}

/** Inline base64 data, or the content of a file beside the kubeconfig. */
function material(from: Record<string, unknown>, field: string, folder: string): string | undefined {
  const data = from[`${field}-data`];
  if (typeof data === 'string') return Buffer.from(data, 'base64').toString('utf8');
  const file = from[field];
  return typeof file === 'string' ? readFileSync(resolve(folder, file), 'utf8') : undefined;
}

/** Reads the current context. Exec plugins and auth providers are not run: such a user is refused in words. */
export function readKubeconfig(path: string): Access {
  const config = parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const folder = dirname(path);
  const { context = {} } = entry(config.contexts, config['current-context'], 'context');
  const { cluster = {} } = entry(config.clusters, context.cluster, 'cluster');
  const { user = {} } = entry(config.users, context.user, 'user');
  const tokenFile = user.tokenFile;
  const token =
    typeof user.token === 'string'
      ? user.token
      : typeof tokenFile === 'string'
        ? readFileSync(resolve(folder, tokenFile), 'utf8').trim()
        : undefined;
  const cert = material(user, 'client-certificate', folder);
  const key = material(user, 'client-key', folder);
  if (token === undefined && cert === undefined) {
    throw new Error('the user of the current context has neither a token nor a client certificate');
  }
  const ca = material(cluster, 'certificate-authority', folder);
  return {
    server: String(cluster.server),
    isInsecure: cluster['insecure-skip-tls-verify'] === true,
    ...(ca === undefined ? {} : { ca }),
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
