import type { ResourceId } from '@/lib/domain/objects';
import type { AnyResourceDefinition } from '@/lib/server/kubernetes/resource-definition';

/** One thing the application lists and watches. */
export interface Read {
  id: ResourceId;
  group: string;
  resource: string;
  /** The one object that is read; `null` for all of them. */
  name: string | null;
  /** `null` for the whole cluster. */
  namespace: string | null;
}

/** A file of `gitops/dashboard` and the reads it grants. */
export interface Grant {
  /** Relative to `gitops/dashboard`. */
  file: string;
  namespace: string | null;
  roleName: string;
  reads: readonly Read[];
}

/** The verbs of a reflector: a list, then a watch. Nothing is read with `get`. */
export const READ_VERBS = ['list', 'watch'] as const;

/** Namespaces that exist with an operator only: their roles are components that an overlay may leave out. */
const COMPONENT_OF_NAMESPACE: Readonly<Record<string, string>> = {
  'redhat-ods-applications': 'rights-openshift-ai',
  'kuadrant-system': 'rights-connectivity-link',
  'openshift-gitops': 'rights-gitops',
  'openshift-console': 'rights-console',
};

/** What the application's table of resources comes to in terms of RBAC. */
export function readsOf(definitions: readonly AnyResourceDefinition[]): Read[] {
  return definitions.map(({ id, group, plural, namespace, fieldSelector }) => ({
    id,
    group,
    resource: plural,
    // Rights limited by resourceNames cover lists and watches with this selector.
    name: /^metadata\.name=(.+)$/.exec(fieldSelector ?? '')?.[1] ?? null,
    namespace,
  }));
}

function placeOf({ id, namespace }: Read): Omit<Grant, 'reads'> {
  if (id === 'pods-all') {
    return {
      file: 'components/all-pods/cluster-role.yaml',
      namespace: null,
      roleName: 'llm-d-live-all-pods',
    };
  }
  if (namespace === null) {
    return { file: 'base/rbac/cluster-role.yaml', namespace: null, roleName: 'llm-d-live' };
  }
  const component = COMPONENT_OF_NAMESPACE[namespace];
  const folder = component === undefined ? 'base/rbac' : `components/${component}`;
  return { file: `${folder}/role-${namespace}.yaml`, namespace, roleName: 'llm-d-live' };
}

/** The reads, by the file that grants them. */
export function toGrants(reads: readonly Read[]): Grant[] {
  const grants = new Map<string, Grant>();
  for (const read of reads) {
    const place = placeOf(read);
    const known = grants.get(place.file)?.reads ?? [];
    grants.set(place.file, { ...place, reads: [...known, read] });
  }
  return [...grants.values()];
}

/** The component that holds a grant, in words. */
export function describePlace({ file }: Grant): string {
  const component = /^components\/([^/]+)\//.exec(file)?.[1];
  return component === undefined ? 'base' : `component \`${component}\``;
}
