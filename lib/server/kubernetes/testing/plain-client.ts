import type { Clock } from '@/lib/server/clock';
import { DEFAULT_TLS } from '@/lib/server/http/dispatcher';
import { createKubernetesClient, type KubernetesClient } from '../client';
import type { Access } from '../credentials';

/** Access to a test server without credentials of note. */
export function plainAccess(url: string): Access {
  return {
    server: new URL(url),
    headers: {},
    tls: DEFAULT_TLS,
    proxyUrl: null,
    source: 'test',
    connectionKey: url,
    version: url,
  };
}

export function plainClient(url: string, clock: Clock): KubernetesClient {
  const access = plainAccess(url);
  return createKubernetesClient({
    credentials: { access: async () => access, renew: async () => access },
    proxy: { httpsProxy: null, noProxy: '' },
    clock,
  });
}
