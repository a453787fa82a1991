import 'server-only';
import type { ClusterObjects, ResourceId } from '@/lib/domain/objects';

/**
 * One row of the table of watched resources: where it is listed and how one object is read.
 * Rows come from `resourceDefinitions(settings)`; namespaces and names are already filled in.
 */
export interface ResourceDefinition<Id extends ResourceId = ResourceId> {
  id: Id;
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Versions of other releases, followed while `version` is not served; their objects read alike. */
  otherVersions?: readonly string[];
  /** Lower-case plural as in the path, e.g. `llminferenceservices`. */
  plural: string;
  /** `null`: cluster-scoped, or all namespaces of a namespaced kind. */
  namespace: string | null;
  /** E.g. `metadata.name=openshift-ai-inference`, which also makes a right limited by resourceNames work. */
  fieldSelector?: string;
  labelSelector?: string;
  /** Reads one object as it came from the API (built-in items carry no apiVersion/kind); throws when it cannot. */
  parse(raw: unknown): ClusterObjects[Id];
}

/** Any row, with its id and object type kept together. */
export type AnyResourceDefinition = { [Id in ResourceId]: ResourceDefinition<Id> }[ResourceId];

/** What of a row decides its request. */
export type ListedResource = Pick<
  ResourceDefinition,
  'group' | 'version' | 'plural' | 'namespace' | 'fieldSelector' | 'labelSelector'
>;

/** A kind whose schema the gates ask for, as `oc explain` would. */
export interface ExplainedKind {
  /** E.g. `serving.kserve.io/v1alpha1`. */
  groupVersion: string;
  kind: string;
}

/** The list path without its query, e.g. `/api/v1/namespaces/private-ai/pods`. */
export function listPath(definition: ListedResource): string {
  const { group, version } = definition;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope =
    definition.namespace === null ? '' : `/namespaces/${encodeURIComponent(definition.namespace)}`;
  return `${root}${scope}/${definition.plural}`;
}

/** The request as shown to people: path and selectors, without paging and versions. */
export function describeListRequest(definition: ListedResource): string {
  const selectors = [
    definition.fieldSelector === undefined ? null : `fieldSelector=${definition.fieldSelector}`,
    definition.labelSelector === undefined ? null : `labelSelector=${definition.labelSelector}`,
  ].filter((selector) => selector !== null);
  const query = selectors.length === 0 ? '' : `?${selectors.join('&')}`;
  return `GET ${listPath(definition)}${query}`;
}

/** What to grant, in words: `The right to list pods in namespace private-ai is missing.` */
export function describeMissingRight(definition: ListedResource, verb: 'list' | 'watch'): string {
  const { group, plural, namespace } = definition;
  const resource = group === '' ? plural : `${plural}.${group}`;
  const scope = namespace === null ? 'in the whole cluster' : `in namespace ${namespace}`;
  return `The right to ${verb} ${resource} ${scope} is missing.`;
}
