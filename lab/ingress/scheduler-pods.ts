import type { Pod } from '../world/workload-types.ts';
import { isTerminal } from '../world/workload-types.ts';
import type { World } from '../world/world.ts';

function argument({ args = [] }: { args?: string[] }, flag: string): string | undefined {
  const index = args.indexOf(flag);
  return index < 0 ? undefined : args[index + 1];
}

/** The process that picks endpoints for a pool: each pod has books of its own. */
export function schedulerOf(
  { cluster }: World,
  namespace: string,
  pool: string,
): { podUid: string; image: string } | undefined {
  for (const pod of cluster.list<Pod>('pods', namespace)) {
    const container = pod.spec.containers.find((candidate) => argument(candidate, '--pool-name') === pool);
    if (container !== undefined && !isTerminal(pod))
      return { podUid: pod.metadata.uid ?? '', image: container.image };
  }
  return undefined;
}
