import type { ClusterSnapshot, ResourceView } from './cluster';
import type { KubePod } from './objects/core';
import type { DemoSettings } from './settings';

/** Contract: evidence without a proof of life for 20 s no longer carries a verdict. */
export const PROOF_OF_LIFE_MS = 20_000;

/** Whether a view's items were really listed once and may still be looked at (their age is another matter). */
export function isReadable(view: ResourceView<unknown>): boolean {
  switch (view.state) {
    case 'live':
    case 'reconnecting':
    case 'stale':
      return true;
    case 'unreachable':
    case 'unauthenticated':
    case 'not-configured':
      // The way to the cluster is lost, by a cut cable or an expired login: what was seen stays. It may never have
      // been listed at all; only items prove that it was.
      return view.items.length > 0;
    case 'syncing':
    case 'forbidden':
    case 'not-installed':
      return false;
    default:
      return view.state satisfies never;
  }
}

/** The pods that may hold GPUs; `complete` when those of other namespaces are among them. */
export interface KnownPods {
  pods: readonly KubePod[];
  complete: boolean;
}

/** Many ask for the pods of one snapshot, and a large cluster has ten thousand; they are put together once. */
const gathered = new WeakMap<ClusterSnapshot, { namespace: string; known: KnownPods }>();

/** The namespace's own watch speaks for its pods, the cluster-wide one for all others. */
export function knownPods(settings: DemoSettings, cluster: ClusterSnapshot): KnownPods {
  const before = gathered.get(cluster);
  if (before?.namespace === settings.namespace) return before.known;
  const known = gatherPods(settings, cluster);
  gathered.set(cluster, { namespace: settings.namespace, known });
  return known;
}

function gatherPods(settings: DemoSettings, cluster: ClusterSnapshot): KnownPods {
  const all = cluster.resources['pods-all'];
  const own = cluster.resources.pods;
  if (!isReadable(all)) return { pods: isReadable(own) ? own.items : [], complete: false };
  if (!isReadable(own)) return { pods: all.items, complete: true };
  const others = all.items.filter((pod) => pod.meta.namespace !== settings.namespace);
  return { pods: [...own.items, ...others], complete: true };
}
