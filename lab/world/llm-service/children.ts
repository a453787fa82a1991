/** Creates and corrects children, and tells of it. */
import { isRecord, type KubernetesObject } from '../../kubernetes-api/object.ts';
import { mergePatch } from '../../kubernetes-api/patches.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { Child, LlmInferenceService } from './types.ts';

export const SOURCE = { component: 'LLMInferenceServiceController' };

/** Whether everything that is wanted is there; what others added does not matter. */
function isCovered(wanted: unknown, actual: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, index) => isCovered(item, actual[index]))
    );
  }
  if (isRecord(wanted)) {
    return Object.entries(wanted).every(
      ([field, value]) =>
        value === undefined || isCovered(value, isRecord(actual) ? actual[field] : undefined),
    );
  }
  return wanted === actual || (wanted === null && actual === undefined);
}

/** An address of the service network that no Service has. */
export function freeClusterIp(cluster: ClusterAccess): string {
  const taken = new Set(
    cluster.list('services').map(({ spec }) => (isRecord(spec) ? spec.clusterIP : undefined)),
  );
  for (let candidate = 40 * 256 + 10; ; candidate += 1) {
    const address = `172.30.${Math.floor(candidate / 256)}.${candidate % 256}`;
    if (!taken.has(address)) return address;
  }
}

export interface Children {
  ensure(service: LlmInferenceService, child: Child): KubernetesObject;
  remove(service: LlmInferenceService, kind: string, announced: string, name: string): void;
}

export function createChildren(cluster: ClusterAccess, events: EventRecorder): Children {
  const tell = (service: LlmInferenceService, reason: string, { announced, metadata }: Child): void => {
    const where = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
    events.record(service, 'Normal', reason, `${reason} ${announced} ${where}`, SOURCE);
  };

  const create = (service: LlmInferenceService, child: Child): KubernetesObject => {
    const address = child.kind === 'services' ? freeClusterIp(cluster) : null;
    const fields =
      address === null
        ? child.fields
        : mergePatch(child.fields, { spec: { clusterIP: address, clusterIPs: [address] } });
    const created = cluster.create(child.kind, child.metadata, fields as Record<string, unknown>);
    tell(service, 'Created', child);
    return created;
  };

  return {
    ensure: (service, child) => {
      const { namespace, name, labels } = child.metadata;
      const current = cluster.get(child.kind, namespace, name);
      if (current === undefined) return create(service, child);
      if (isCovered(child.fields, current) && isCovered(labels, current.metadata.labels)) return current;
      const updated = cluster.update(child.kind, current, (draft) => {
        Object.assign(draft, mergePatch(draft, child.fields));
        draft.metadata.labels = { ...draft.metadata.labels, ...labels };
        if (draft.metadata.generation !== undefined) draft.metadata.generation += 1;
      });
      tell(service, 'Updated', child);
      return updated ?? current;
    },
    remove: (service, kind, announced, name) => {
      const { namespace = '', uid } = service.metadata;
      const current = cluster.get(kind, namespace, name);
      const isOwn = current?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
      if (current === undefined || !isOwn) return;
      cluster.remove(kind, current);
      tell(service, 'Deleted', { kind, announced, metadata: current.metadata, fields: {} });
    },
  };
}
