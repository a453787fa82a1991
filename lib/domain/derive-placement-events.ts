import type { ClusterSnapshot } from './cluster';
import type { KubeEvent } from './objects/core';
import type { PlacementEvent } from './placement';

const MAX_EVENTS = 50;

/** What happened in the demo's namespace, newest first and bounded. Events without a time are left out. */
export function deriveEvents(cluster: ClusterSnapshot): PlacementEvent[] {
  return cluster.resources.events.items
    .filter((event): event is KubeEvent & { at: string } => event.at !== null)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.meta.uid < b.meta.uid ? -1 : 1))
    .slice(0, MAX_EVENTS)
    .map((event) => ({
      uid: event.meta.uid,
      at: new Date(Date.parse(event.at)).toISOString(),
      type: event.type,
      reason: event.reason,
      object: { kind: event.object.kind, name: event.object.name },
      message: event.message,
    }));
}
