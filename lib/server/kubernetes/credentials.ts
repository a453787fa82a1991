import 'server-only';
import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { Clock } from '../clock';
import type { TlsOptions } from '../http/dispatcher';
import { KubernetesError } from './errors';
import type { LocatedKubeConfig } from './locate-kubeconfig';

/** All it takes to send a request: where to, as whom, trusting what. */
export interface Access {
  server: URL;
  /** Authorization and impersonation. */
  headers: Readonly<Record<string, string>>;
  tls: TlsOptions;
  /** `proxy-url` of the kubeconfig; wins over the environment. */
  proxyUrl: string | null;
  /** Where this came from, without secrets. */
  source: string;
  /** Equal for equal connections (server, certificates, proxy); the token does not count. */
  connectionKey: string;
  /** Equal for equal credentials and connections. */
  version: string;
}

export interface Credentials {
  /** The current access; files are read again once a minute. Throws a KubernetesError where there is none. */
  access(): Promise<Access>;
  /**
   * After a 401 or a certificate that was not trusted: reads everything again, unless that has happened
   * since `rejected` was handed out.
   */
  renew(rejected: Access | null): Promise<Access>;
}

/** As client-go: tokens and certificates are rotated in place. */
const READ_AGAIN_AFTER_MS = 60_000;
/** Many watches learn of a rotation at once; the files are read and plugins run once for all of them. */
const SHORTEST_RENEWAL_MS = 1_000;

export interface CredentialsOptions {
  locate: () => LocatedKubeConfig;
  clock: Clock;
}

export function createCredentials({ locate, clock }: CredentialsOptions): Credentials {
  let located: LocatedKubeConfig | null = null;
  let current: { access: Access; readAt: number } | null = null;
  let reading: Promise<Access> | null = null;

  async function read(forget: boolean): Promise<Access> {
    const found = locate();
    // The same KubeConfig is kept while its files are the same, because it caches what plugins answer.
    if (forget || located === null || located.fingerprint !== found.fingerprint) located = found;
    const access = await toAccess(located);
    current = { access, readAt: clock.now() };
    return access;
  }

  function readOnce(forget: boolean): Promise<Access> {
    reading ??= read(forget).finally(() => {
      reading = null;
    });
    return reading;
  }

  function isYoungerThan(ageMs: number): boolean {
    return current !== null && Math.abs(clock.now() - current.readAt) < ageMs;
  }

  return {
    async access() {
      if (current !== null && isYoungerThan(READ_AGAIN_AFTER_MS)) return current.access;
      return readOnce(false);
    },
    async renew(rejected) {
      const isNewer = current !== null && current.access.version !== rejected?.version;
      if (current !== null && (isNewer || isYoungerThan(SHORTEST_RENEWAL_MS))) return current.access;
      return readOnce(true);
    },
  };
}

async function toAccess({ kubeConfig, source }: LocatedKubeConfig): Promise<Access> {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new KubernetesError('not-configured', `The cluster's address is not a URL (${source}).`);
  }
  const server = new URL(cluster.server);
  if (server.protocol === 'http:' && cluster.skipTLSVerify !== true) {
    throw new KubernetesError(
      'not-configured',
      `The cluster's address is plain http, which is refused (${source}).`,
    );
  }
  const options: RequestOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    // The library's message may hold what a credential plugin printed.
    throw explain(error, source);
  }
  const tls: TlsOptions = {
    verify: options.rejectUnauthorized !== false,
    ca: isPem(options.ca) ? [options.ca] : null,
    cert: isPem(options.cert) ? options.cert : null,
    key: isPem(options.key) ? options.key : null,
    serverName: options.servername ?? null,
  };
  const headers = toHeaders(options);
  const proxyUrl = cluster.proxyUrl ?? null;
  const connectionKey = fingerprint([server.href, tls, proxyUrl]);
  return {
    server,
    headers,
    tls,
    proxyUrl,
    source,
    connectionKey,
    version: fingerprint([connectionKey, headers]),
  };
}

function explain(error: unknown, source: string): KubernetesError {
  const isFile = error instanceof Error && 'path' in error && 'syscall' in error && error.syscall === 'open';
  if (isFile) {
    return new KubernetesError(
      'not-configured',
      `A file named by the kubeconfig cannot be read: ${error.path}.`,
      {
        cause: error,
      },
    );
  }
  return new KubernetesError(
    'unauthenticated',
    `The credentials cannot be had (${source}); log in again (oc login).`,
    {
      cause: error,
    },
  );
}

function toHeaders(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // Token files often end in a line break, which no header may hold.
    if (typeof value === 'string') headers[name.toLowerCase()] = value.trim();
  }
  if (typeof options.auth === 'string') {
    headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

function isPem(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}
