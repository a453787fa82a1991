/** A CustomResourceDefinition takes its objects with it; one that comes back begins empty. */
import { CATALOGUE } from '../kubernetes-api/catalogue.ts';
import { DEFINITIONS } from '../kubernetes-api/definitions.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import { kindFromDefinition } from '../kubernetes-api/registry.ts';
import type { ClusterAccess } from './cluster-access.ts';

export function startDefinitionCleanup({ store }: ClusterAccess): () => void {
  return store.subscribe(({ type, kind, object }) => {
    if (type !== 'DELETED' || kind !== DEFINITIONS) return;
    const key = object.metadata.name;
    const defined = CATALOGUE.find((row) => keyOf(row) === key) ?? kindFromDefinition(object);
    if (defined === undefined) return;
    for (const { metadata } of store.list(key)) store.remove(defined, metadata.namespace, metadata.name);
  });
}
