import 'server-only';
import { readFileSync, statSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { effectivePort } from '@/lib/domain/effective-port';
import { buildDispatcher, type ConnectTo, DEFAULT_TLS } from './dispatcher';
import { proxyFor } from './proxy-choice';

/** `INGRESS_CONNECT_TO`: where connections to Route and Gateway hosts really go, by the URL's port. */
export type IngressConnectTo = ReadonlyMap<number, ConnectTo>;

export interface OutboundOptions {
  ingressConnectTo: IngressConnectTo;
  httpsProxy: string | null;
  noProxy: string;
  /** Addresses that no object of the cluster may lead to, beside loopback, link-local and their like. */
  neverCalled?: readonly string[];
  /** How names are resolved that objects of the cluster give; default: the system's way. */
  lookup?: LookupFunction;
  /** Sees `host:port` of every connection attempt. */
  onConnect?: (address: string) => void;
  /** Roots that stay trusted beside a target's own CA file; default: those of this Node. */
  defaultRoots?: readonly string[];
}

export interface OutboundTarget {
  url: URL;
  /** `false` relaxes the certificate check for this target alone. */
  verifyTls: boolean;
  /** PEM bundle trusted in addition to the default roots; read again when the file changes. */
  caFile: string | null;
  /** The host is a Route or Gateway host: `INGRESS_CONNECT_TO` applies. */
  viaIngress: boolean;
  /** An object of the cluster named the host, not the operator: the address it stands for is looked at (A03). */
  isDiscovered: boolean;
  /** How long an idle connection is kept, where the server closes earlier than most. */
  idleConnectionMs?: number;
}

/** Connections to everything but the Kubernetes API: Prometheus and the model endpoints. */
export interface Outbound {
  /**
   * The connection pool for a target, to pass to undici's `request` or `fetch` (from the package, never
   * Node's built-in fetch). Throws when the CA file has never been readable.
   */
  dispatcherFor(target: OutboundTarget): Dispatcher;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

interface Pooled {
  dispatcher: Dispatcher;
  /** Change mark of the CA file the pool was built with. */
  caVersion: string | null;
}

export function createOutbound(options: OutboundOptions): Outbound {
  const pools = new Map<string, Pooled>();
  const retired = new Set<Dispatcher>();

  function build(target: OutboundTarget, connectTo: ConnectTo | null): Dispatcher {
    const roots = options.defaultRoots ?? getCACertificates('default');
    return buildDispatcher({
      tls: {
        ...DEFAULT_TLS,
        verify: target.verifyTls,
        ca: target.caFile === null ? null : [...roots, readFileSync(target.caFile)],
      },
      connectTo,
      ...(target.idleConnectionMs === undefined ? {} : { idleConnectionMs: target.idleConnectionMs }),
      proxy: proxyFor(target.url, options),
      addressCheck: target.isDiscovered
        ? { neverCalled: options.neverCalled ?? [], lookup: options.lookup }
        : null,
      onConnect: options.onConnect,
    });
  }

  function retire(dispatcher: Dispatcher): void {
    retired.add(dispatcher);
    // Answers under way on the old pool are allowed to end.
    dispatcher.close().finally(() => retired.delete(dispatcher));
  }

  return {
    dispatcherFor(target) {
      const connectTo = target.viaIngress
        ? (options.ingressConnectTo.get(effectivePort(target.url)) ?? null)
        : null;
      const key = JSON.stringify([
        target.url.origin,
        target.verifyTls,
        target.caFile,
        connectTo,
        target.isDiscovered,
        target.idleConnectionMs,
      ]);
      const known = pools.get(key);
      const caVersion = target.caFile === null ? null : fileVersion(target.caFile);
      // A CA file that has gone for the moment (being replaced) leaves the pool as it was.
      if (known !== undefined && (caVersion === null || caVersion === known.caVersion))
        return known.dispatcher;
      const dispatcher = build(target, connectTo);
      pools.set(key, { dispatcher, caVersion });
      if (known !== undefined) retire(known.dispatcher);
      return dispatcher;
    },
    async close() {
      const all = [...retired, ...[...pools.values()].map((pool) => pool.dispatcher)];
      pools.clear();
      retired.clear();
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** Changes whenever the file is written or replaced; `null` when it is not there. */
function fileVersion(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}
