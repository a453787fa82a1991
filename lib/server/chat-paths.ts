import 'server-only';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ReachableEndpoint } from './inference/relay-chat';

/** Whether the objects give the path an address. */
export function isReachable(path: EndpointPath): path is ReachableEndpoint {
  return path.baseUrl !== null;
}
