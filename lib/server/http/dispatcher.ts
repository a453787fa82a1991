import 'server-only';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { effectivePort } from '@/lib/domain/effective-port';
import { addressRefusal, checkedLookup } from './address-check';

/** Fresh connections must answer within this; a dead address then shows within seconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** First TCP keep-alive probe after this much silence: the kernel notices a dead path in about 15 s. */
const TCP_KEEP_ALIVE_DELAY_MS = 5_000;
/** How long an idle connection is kept for the next request; shorter than common servers' own limit. */
const IDLE_CONNECTION_MS = 30_000;

/** TLS material of one target. Certificates are checked unless that is switched off for this target alone. */
export interface TlsOptions {
  verify: boolean;
  /** PEM bundles that replace the default roots; `null` keeps the defaults. */
  ca: readonly (string | Buffer)[] | null;
  cert: string | Buffer | null;
  key: string | Buffer | null;
  /** Name to ask for and check instead of the URL's host. */
  serverName: string | null;
}

export const DEFAULT_TLS: TlsOptions = { verify: true, ca: null, cert: null, key: null, serverName: null };

/** Where the TCP connection goes instead of the URL's host and port. */
export interface ConnectTo {
  host: string;
  port: number;
}

/** For hosts that objects of the cluster name: addresses that must not be called are refused when connecting. */
export interface AddressCheck {
  /** Beside those that are nobody's model endpoint. */
  neverCalled: readonly string[];
  /** For tests; the system's own otherwise. */
  lookup?: LookupFunction | undefined;
}

export interface DispatcherOptions {
  tls: TlsOptions;
  /** Wins over the proxy: the address is meant to be reached directly. */
  connectTo: ConnectTo | null;
  proxy: string | null;
  /** Not for `connectTo`, which the operator set, nor behind a proxy, which resolves names itself. */
  addressCheck?: AddressCheck | null;
  connectTimeoutMs?: number;
  /** How long an idle connection is kept; must be shorter than the server's own limit. */
  idleConnectionMs?: number;
  /** Called with `host:port` for every connection attempt. */
  onConnect?: ((address: string) => void) | undefined;
}

/**
 * One keep-alive connection pool for one target. HTTP/1.1 only, so that one stalled stream cannot hold up
 * another; no body timeout, because watches and answers may be silent for long (callers set deadlines).
 */
export function buildDispatcher(options: DispatcherOptions): Dispatcher {
  const timeout = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const connection = {
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
    allowH2: false,
    timeout,
  };
  const tls = { ...connection, ...toNodeTls(options.tls) };
  const pool = {
    allowH2: false,
    bodyTimeout: 0,
    connectTimeout: timeout,
    keepAliveTimeout: options.idleConnectionMs ?? IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: options.idleConnectionMs ?? IDLE_CONNECTION_MS,
  };
  if (options.proxy !== null && options.connectTo === null) {
    return new ProxyAgent({
      ...pool,
      uri: options.proxy,
      requestTls: tls,
      proxyTls: connection,
      clientFactory: (origin, clientOptions) => {
        options.onConnect?.(addressOf(origin));
        return new Pool(origin, clientOptions);
      },
    });
  }
  const addressCheck = options.connectTo === null ? (options.addressCheck ?? null) : null;
  return new Agent({
    ...pool,
    connect: redirectConnections(
      buildConnector(
        addressCheck === null
          ? tls
          : { ...tls, lookup: checkedLookup(addressCheck.neverCalled, addressCheck.lookup) },
      ),
      { ...options, addressCheck },
    ),
  });
}

interface NodeTlsMaterial {
  ca?: (string | Buffer)[];
  cert?: string | Buffer;
  key?: string | Buffer;
}

interface NodeTls extends NodeTlsMaterial {
  rejectUnauthorized: boolean;
  servername?: string;
  secureContext?: SecureContext;
}

/** TLS options for Node, each said explicitly so that no process-wide switch can weaken them. */
function toNodeTls(tls: TlsOptions): NodeTls {
  const material: NodeTlsMaterial = {
    ...(tls.ca === null ? {} : { ca: [...tls.ca] }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
  };
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
    ...readOnce(material),
  };
}

/**
 * Reads certificates once per pool instead of once per connection: some 150 roots take 20 ms, in which no token passes, and
 * a cluster that comes back is connected to fifty times. What cannot be read fails where it always did: at the connection.
 */
function readOnce(material: NodeTlsMaterial): NodeTlsMaterial | { secureContext: SecureContext } {
  if (Object.keys(material).length === 0) return material;
  try {
    return { secureContext: createSecureContext(material) };
  } catch {
    return material;
  }
}

/** The URL's host stays in `Host` and SNI; only the TCP connection may go elsewhere. */
function redirectConnections(
  connect: buildConnector.connector,
  { connectTo, onConnect, tls, addressCheck }: DispatcherOptions & { addressCheck: AddressCheck | null },
): buildConnector.connector {
  return (target, callback) => {
    const hostname = connectTo?.host ?? target.hostname;
    const port = connectTo === null ? target.port : String(connectTo.port);
    // Addresses are not looked up; a bracketed IPv6 one arrives without its brackets.
    const refusal =
      addressCheck !== null && isIP(hostname) !== 0
        ? addressRefusal(hostname, addressCheck.neverCalled)
        : null;
    if (refusal !== null) {
      callback(refusal, null);
      return;
    }
    onConnect?.(`${hostname}:${effectivePort({ port, protocol: target.protocol })}`);
    const ownName = isIP(target.hostname) === 0 ? target.hostname : null;
    const servername = tls.serverName ?? target.servername ?? ownName;
    // The socket is handed back, so that undici can cancel the attempt.
    return connect(
      {
        ...target,
        hostname,
        port,
        ...(servername === null || target.protocol !== 'https:' ? {} : { servername }),
      },
      callback,
    );
  };
}

function addressOf(origin: URL): string {
  return `${origin.hostname}:${effectivePort(origin)}`;
}
