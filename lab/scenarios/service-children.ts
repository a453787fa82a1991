/** What a service consists of, by its labels. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { type Scene, withChange, without } from './scene.ts';

export const SERVICE = 'mistral-3-distributed';

/** Everything that the controller made for the demo's LLMInferenceService, and the namespace's shared monitors. */
export function isChild({ kind, metadata }: KubernetesObject): boolean {
  const labels = metadata.labels ?? {};
  if (kind === 'LLMInferenceService' || labels['app.kubernetes.io/part-of'] !== 'llminferenceservice')
    return false;
  return (
    labels['app.kubernetes.io/name'] === SERVICE || labels['app.kubernetes.io/component'] === 'llm-monitoring'
  );
}

function isEventOfService(object: KubernetesObject): boolean {
  const about = object.involvedObject as { name?: string } | undefined;
  return object.kind === 'Event' && about?.name?.includes(SERVICE) === true;
}

export interface ServiceDraft extends KubernetesObject {
  spec: Record<string, unknown>;
}

/** The service as it was just created: no children, no status, no history. */
export function createdAnew(scene: Scene, change: (draft: ServiceDraft) => void = () => {}): Scene {
  const bare = without(scene, (object) => isChild(object) || isEventOfService(object));
  return withChange<ServiceDraft>(bare, 'LLMInferenceService', SERVICE, (draft) => {
    delete draft.status;
    draft.metadata.creationTimestamp = '2025-12-29T14:20:00Z';
    draft.metadata.finalizers = [];
    change(draft);
  });
}
