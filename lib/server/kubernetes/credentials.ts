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
  /** Where this came from, fit for the audience. */
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
  /** The cluster's address and the files that gave it, whenever they change: for the log alone. */
  onLocated?: ((whereabouts: string) => void) | undefined;
  /** Why there is no access, whenever that changes, with what the audience is not told in `whereabouts`. */
  onProblem?: ((error: KubernetesError) => void) | undefined;
}

export function createCredentials({ locate, clock, onLocated, onProblem }: CredentialsOptions): Credentials {
  let located: LocatedKubeConfig | null = null;
  let current: { access: Access; readAt: number } | null = null;
  let reading: Promise<Access> | null = null;
  /** What was last said for the log, so that it is not said again. */
  let told: string | null = null;

  async function read(forget: boolean): Promise<Access> {
    const found = locate();
    // The same KubeConfig is kept while its files are the same, because it caches what plugins answer.
    if (forget || located === null || located.fingerprint !== found.fingerprint) located = found;
    const access = await toAccess(located);
    const whereabouts = `${access.server.origin}, ${located.whereabouts}`;
    if (whereabouts !== told) onLocated?.(whereabouts);
    told = whereabouts;
    current = { access, readAt: clock.now() };
    return access;
  }

  function readOnce(forget: boolean): Promise<Access> {
    reading ??= read(forget)
      .catch((error: unknown) => {
        const problem = error instanceof KubernetesError ? `${error.message} ${error.whereabouts}` : null;
        if (problem !== told && error instanceof KubernetesError) onProblem?.(error);
        told = problem;
        throw error;
      })
      .finally(() => {
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

async function toAccess({ kubeConfig, source, whereabouts }: LocatedKubeConfig): Promise<Access> {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new KubernetesError('not-configured', `The cluster's address is not a URL (${source}).`, {
      whereabouts,
    });
  }
  const server = new URL(cluster.server);
  if (server.protocol === 'http:' && cluster.skipTLSVerify !== true) {
    throw new KubernetesError(
      'not-configured',
      `The cluster's address is plain http, which is refused (${source}).`,
      { whereabouts },
    );
  }
  const options: RequestOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    // The library's message may hold what a credential plugin printed.
    throw explain(error, source, whereabouts);
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

function explain(error: unknown, source: string, whereabouts: string): KubernetesError {
  const isFile = error instanceof Error && 'path' in error && 'syscall' in error && error.syscall === 'open';
  if (isFile) {
    return new KubernetesError('not-configured', 'A file named by the kubeconfig cannot be read.', {
      cause: error,
      whereabouts: String(error.path),
    });
  }
  return new KubernetesError(
    'unauthenticated',
    `The credentials cannot be had (${source}); log in again (oc login).`,
    { cause: error, whereabouts },
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
