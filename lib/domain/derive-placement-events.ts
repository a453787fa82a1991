import type { ClusterSnapshot } from './cluster';
import { compareText } from './derive-placement-pods';
import type { KubeEvent } from './objects/core';
import type { PlacementEvent } from './placement';

const MAX_EVENTS = 50;

/** What happened in the demo's namespace, newest first and bounded. Events without a time are left out. */
export function deriveEvents(cluster: ClusterSnapshot): PlacementEvent[] {
  return cluster.resources.events.items
    .filter((event): event is KubeEvent & { at: string } => event.at !== null)
    .sort(
      (a, b) =>
        Date.parse(b.at) - Date.parse(a.at) ||
        compareText(stampOf(b), stampOf(a)) ||
        compareText(a.meta.uid, b.meta.uid),
    )
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

/**
 * What orders Events of one second: recorders end an Event's name with the hexadecimal nanoseconds of its making
 * (`engine-a.18855d3c5e2c7a4b`). Names that end otherwise order as they are.
 */
function stampOf({ meta }: KubeEvent): string {
  const stamp = meta.name.slice(meta.name.lastIndexOf('.') + 1);
  return /^[0-9a-f]{8,16}$/.test(stamp) ? stamp.padStart(16, '0') : '';
}
