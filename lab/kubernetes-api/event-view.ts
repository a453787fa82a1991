import { type KubernetesObject, valueAt } from './object.ts';

/** A core/v1 Event as events.k8s.io/v1 shows the same object. */
export function toEventsV1(event: KubernetesObject): KubernetesObject {
  const field = (name: string): unknown => valueAt(event, name);
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: event.metadata,
    eventTime: field('eventTime') ?? null,
    ...(field('series') === undefined ? {} : { series: field('series') }),
    reportingController: field('reportingComponent') ?? '',
    reportingInstance: field('reportingInstance') ?? '',
    ...(field('action') === undefined ? {} : { action: field('action') }),
    reason: field('reason'),
    regarding: field('involvedObject'),
    note: field('message'),
    type: field('type'),
    deprecatedSource: field('source') ?? {},
    deprecatedFirstTimestamp: field('firstTimestamp') ?? null,
    deprecatedLastTimestamp: field('lastTimestamp') ?? null,
    deprecatedCount: field('count') ?? 1,
  };
}
