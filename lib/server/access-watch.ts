import 'server-only';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AccessFacts, CredentialFact } from '@/lib/domain/access-facts';
import { ARMS, type UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from './clock';
import type { Config } from './config';
import { locateKubeConfig } from './kubernetes/locate-kubeconfig';

/** Credentials are rotated in place, so they are looked at again. */
const READ_AGAIN_AFTER_MS = 60_000;
/** Where Kubernetes projects tokens that it replaces itself. */
const PROJECTED_FOLDER = '/var/run/secrets/';

/** Looks at the credentials themselves, so that an end during the show is known before it comes. */
export interface AccessWatch {
  facts(): AccessFacts;
  refresh(): Promise<void>;
  start(): void;
  stop(): void;
}

export interface AccessWatchOptions {
  config: Pick<Config, 'kubernetes' | 'endpoints' | 'prometheus'>;
  clock: Clock;
  onFault: (error: unknown) => void;
}

export function createAccessWatch({ config, clock, onFault }: AccessWatchOptions): AccessWatch {
  const { apiKeys } = config.endpoints;
  let isStopped = false;
  let facts: AccessFacts = {
    sendsToken: { baseline: apiKeys.baseline !== null, distributed: apiKeys.distributed !== null },
    credentials: [],
    observedAt: null,
  };

  async function refresh(): Promise<void> {
    const credentials = [
      ...clusterCredentials(config.kubernetes),
      ...(await metricsCredentials(config.prometheus.tokenFile)),
      ...ARMS.flatMap((arm): CredentialFact[] => {
        const key = apiKeys[arm];
        if (key === null) return [];
        return [
          { source: arm, name: `API key of the ${arm}`, expiresAt: tokenEnd(key), renewsItself: false },
        ];
      }),
    ];
    facts = { ...facts, credentials, observedAt: clock.now() };
  }

  function keepLooking(): void {
    refresh()
      .catch(onFault)
      .finally(() => {
        if (!isStopped) clock.after(READ_AGAIN_AFTER_MS, keepLooking);
      });
  }

  return {
    facts: () => facts,
    refresh,
    start: keepLooking,
    stop: () => {
      isStopped = true;
    },
  };
}

/** What the kubeconfig itself holds; credential plugins are not run for this. */
function clusterCredentials(config: Config['kubernetes']): CredentialFact[] {
  const user = currentUser(config);
  if (user === null) return [];
  if (user.exec !== undefined || user.authProvider !== undefined) {
    return [
      { source: 'cluster', name: 'credential that renews itself', expiresAt: null, renewsItself: true },
    ];
  }
  const found: CredentialFact[] = [];
  if (user.token) {
    found.push({
      source: 'cluster',
      name: 'token of the kubeconfig',
      expiresAt: tokenEnd(user.token),
      renewsItself: false,
    });
  }
  if (user.certData) {
    found.push({
      source: 'cluster',
      name: 'client certificate of the kubeconfig',
      expiresAt: certificateEnd(Buffer.from(user.certData, 'base64')),
      renewsItself: false,
    });
  }
  return found;
}

function currentUser(config: Config['kubernetes']) {
  try {
    return locateKubeConfig(config).kubeConfig.getCurrentUser();
  } catch {
    // Why there is none is told by the cluster's own light.
    return null;
  }
}

async function metricsCredentials(tokenFile: string | null): Promise<CredentialFact[]> {
  if (tokenFile === null) return [];
  const token = await readFile(tokenFile, 'utf8').catch(() => null);
  if (token === null) return [];
  const renewsItself = tokenFile.startsWith(PROJECTED_FOLDER);
  return [
    {
      source: 'metrics',
      name: 'token of the metrics source',
      expiresAt: tokenEnd(token.trim()),
      renewsItself,
    },
  ];
}

/** `exp` of a JSON Web Token; `null` for opaque ones. The signature is not this program's business. */
export function tokenEnd(token: string): UnixMs | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null;
    return typeof claims.exp === 'number' && Number.isFinite(claims.exp) ? claims.exp * 1000 : null;
  } catch {
    return null;
  }
}

function certificateEnd(pem: Buffer): UnixMs | null {
  try {
    const end = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(end) ? null : end;
  } catch {
    return null;
  }
}
