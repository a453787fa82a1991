import { parseQuantity } from '../kubernetes-api/quantity.ts';
import type { Container, PodSpec } from './workload-types.ts';

export const GPU = 'nvidia.com/gpu';

function requestsOf(container: Container): Record<string, number> {
  const { requests = {}, limits = {} } = container.resources ?? {};
  return Object.fromEntries(
    Object.keys({ ...limits, ...requests }).map((name) => [
      name,
      parseQuantity(requests[name] ?? limits[name]),
    ]),
  );
}

/**
 * What a pod asks of its node: the sum over containers; init containers count as a maximum, restartable ones add
 * (facts: kubernetes-objects §6).
 */
export function podRequests(spec: PodSpec): Record<string, number> {
  const total: Record<string, number> = {};
  const add = (requests: Record<string, number>): void => {
    for (const [name, amount] of Object.entries(requests)) total[name] = (total[name] ?? 0) + amount;
  };
  for (const container of spec.containers) add(requestsOf(container));
  for (const container of spec.initContainers ?? []) {
    const requests = requestsOf(container);
    if (container.restartPolicy === 'Always') add(requests);
    else
      for (const [name, amount] of Object.entries(requests)) total[name] = Math.max(total[name] ?? 0, amount);
  }
  return total;
}
