import 'server-only';
import type { Dispatcher } from 'undici';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { decidingProbes, type EndpointPath, resolveEndpoints } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { isReachable } from './chat-paths';
import type { Config } from './config';
import type { Outbound } from './http/outbound';
import { modelDispatcher } from './inference/model-dispatcher';
import type { ReachableEndpoint } from './inference/relay-chat';

export interface ModelEndpoints {
  /** The ways to each arm, in the order the chat tries them. The same object as long as nothing they are made of changes. */
  paths(): Record<Arm, EndpointPath[]>;
  /** Those that are probed: which have an address does not depend on what the probes said. */
  probed(): ReachableEndpoint[];
  dispatcherFor(endpoint: ReachableEndpoint): Dispatcher;
  /** Whether an address is there that was not there when this was asked before. */
  hasNewAddress(): boolean;
}

export interface ModelEndpointsOptions {
  config: Pick<Config, 'settings' | 'endpoints' | 'kubernetes'>;
  cluster: () => ClusterSnapshot;
  probes: () => readonly ProbeResult[];
  outbound: Pick<Outbound, 'dispatcherFor'>;
  onCaFileUnreadable?: (error: unknown) => void;
}

/** Where the models are, by the cluster's objects and what the probes found. */
export function createModelEndpoints({
  config,
  cluster,
  probes,
  outbound,
  onCaFileUnreadable,
}: ModelEndpointsOptions): ModelEndpoints {
  const { settings } = config;
  // Cluster-internal names resolve only inside: outside, the Service is no path to try every 15 seconds.
  const isInside = config.kubernetes.inCluster !== null;
  const resolve = onChangeOf((snapshot: ClusterSnapshot, ...results: readonly ProbeResult[]) =>
    resolveEndpoints(settings, snapshot, results),
  );
  const findProbed = onChangeOf((snapshot: ClusterSnapshot) => {
    const paths = resolveEndpoints(settings, snapshot, []);
    return ARMS.flatMap((arm) => paths[arm])
      .filter(isReachable)
      .filter(({ path }) => path !== 'service' || isInside);
  });
  /** Of the endpoints as they are now. A CA file may change at any time; without one nothing does. */
  const dispatchers = new WeakMap<ReachableEndpoint, Dispatcher>();
  const knownAddresses = new Set<string>();
  const probed = (): ReachableEndpoint[] => findProbed(cluster());

  return {
    paths: () => resolve(cluster(), ...decidingProbes(probes())),
    probed,
    dispatcherFor: (endpoint) => {
      const { caFile } = config.endpoints;
      const known = caFile === null ? dispatchers.get(endpoint) : undefined;
      if (known !== undefined) return known;
      const dispatcher = modelDispatcher(endpoint, { outbound, caFile, onUnreadable: onCaFileUnreadable });
      dispatchers.set(endpoint, dispatcher);
      return dispatcher;
    },
    hasNewAddress: () => {
      const addresses = probed().map(({ arm, path, baseUrl }) => `${arm} ${path} ${baseUrl}`);
      const isNew = addresses.some((address) => !knownAddresses.has(address));
      for (const address of addresses) knownAddresses.add(address);
      return isNew;
    },
  };
}

/** Computes anew only when one of the arguments is another object than last time. */
function onChangeOf<Arguments extends readonly object[], T>(
  compute: (...args: Arguments) => T,
): (...args: Arguments) => T {
  let last: { args: Arguments; value: T } | null = null;
  return (...args) => {
    const isSame =
      last?.args.length === args.length && args.every((argument, index) => argument === last?.args[index]);
    if (last === null || !isSame) last = { args, value: compute(...args) };
    return last.value;
  };
}
