import 'server-only';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { SourceState } from '@/lib/domain/vocabulary';
import { isReachable } from './chat-paths';
import type { EndpointSource } from './inference/prober';

/**
 * One arm's light in the top bar. Where its objects give no address there is nothing to probe, and the light says why: no
 * cluster is configured, it cannot be read, or the objects are not there.
 */
export function endpointLight(
  paths: readonly EndpointPath[],
  probed: EndpointSource,
  clusterState: SourceState,
): EndpointSource {
  if (paths.some(isReachable)) return probed;
  switch (clusterState) {
    case 'not-configured':
      return { ...probed, state: 'not-configured', detail: 'Neither a cluster nor a URL is configured.' };
    case 'live':
    case 'stale':
    case 'reconnecting':
      return { ...probed, state: 'not-installed', detail: paths.map(({ finding }) => finding).join(' ') };
    case 'syncing':
    case 'forbidden':
    case 'not-installed':
    case 'unauthenticated':
    case 'unreachable':
      return {
        ...probed,
        state: clusterState,
        detail: 'The cluster that names this endpoint cannot be read.',
      };
  }
}
