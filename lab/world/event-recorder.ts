import { kindOf } from '../kubernetes-api/catalogue.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';

export interface EventSource {
  component: string;
  host?: string;
}

export interface EventRecorder {
  /** Writes an event about an object, or counts up an equal one. */
  record(
    about: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    source: EventSource,
    fieldPath?: string,
  ): void;
}

interface StoredEvent extends KubernetesObject {
  count: number;
  lastTimestamp: string;
}

/** OpenShift keeps events for three hours. */
const EVENT_LIFETIME_MS = 3 * 3_600_000;
/** Old ones are looked for once in this time, so that a burst of events costs no search each. */
const FORGET_INTERVAL_MS = 60_000;

export function createEventRecorder(cluster: ClusterAccess): EventRecorder {
  const known = new Map<string, { name: string; namespace: string }>();
  let nextForgetMs = 0;
  const forgetOld = (): void => {
    const nowMs = cluster.clock.nowMs();
    if (nowMs < nextForgetMs) return;
    nextForgetMs = nowMs + FORGET_INTERVAL_MS;
    const oldestMs = nowMs - EVENT_LIFETIME_MS;
    for (const event of cluster.list<StoredEvent>('events')) {
      if (Date.parse(event.lastTimestamp) < oldestMs) {
        cluster.store.remove(kindOf('events'), event.metadata.namespace, event.metadata.name);
      }
    }
  };
  return {
    record: (about, type, reason, message, source, fieldPath) => {
      const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
      const identity = [uid, type, reason, message, source.component, fieldPath].join('\n');
      const earlier = known.get(identity);
      const repeated =
        earlier === undefined
          ? undefined
          : cluster.get<StoredEvent>('events', earlier.namespace, earlier.name);
      if (repeated !== undefined) {
        cluster.update('events', repeated, (event) => {
          event.count += 1;
          event.lastTimestamp = cluster.now();
        });
        return;
      }
      forgetOld();
      const eventName = `${name}.${cluster.identifiers.hex(16)}`;
      known.set(identity, { name: eventName, namespace });
      cluster.create(
        'events',
        { name: eventName, namespace },
        {
          involvedObject: {
            apiVersion: about.apiVersion,
            kind: about.kind,
            name,
            ...(about.metadata.namespace === undefined ? {} : { namespace }),
            ...(resourceVersion === undefined ? {} : { resourceVersion }),
            ...(uid === undefined ? {} : { uid }),
            ...(fieldPath === undefined ? {} : { fieldPath }),
          },
          type,
          reason,
          message,
          source,
          reportingComponent: source.component,
          reportingInstance: source.host ?? '',
          firstTimestamp: cluster.now(),
          lastTimestamp: cluster.now(),
          eventTime: null,
          count: 1,
        },
      );
    },
  };
}
