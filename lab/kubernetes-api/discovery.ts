import { createHash } from 'node:crypto';
import type { ComputedResource } from './computed-resource.ts';
import { type Kind, keyOf, READ_WRITE_VERBS, type Subresource } from './kinds.ts';
import type { Registry } from './registry.ts';

/** Resources that are questions, not objects: created, answered, never stored. */
export const REVIEWS = [
  { group: 'authentication.k8s.io', version: 'v1', kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SubjectAccessReview',
    plural: 'subjectaccessreviews',
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'LocalSubjectAccessReview',
    plural: 'localsubjectaccessreviews',
  },
] as const;

interface SubresourceRow {
  name: string;
  responseKind: { group: string; version: string; kind: string };
  verbs: string[];
}

interface ResourceRow {
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: readonly string[];
  categories: readonly string[];
  subresources: SubresourceRow[];
  hash: string;
}

interface GroupVersions {
  group: string;
  versions: { version: string; resources: ResourceRow[] }[];
}

/** Kubernetes' own groups come first, then aggregated APIs, then custom resources by name. */
const BUILT_IN_ORDER = [
  '',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'rbac.authorization.k8s.io',
  'apiextensions.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'route.openshift.io',
];

/** Stable before beta before alpha, higher numbers first. */
function compareVersions(left: string, right: string): number {
  const rank = (version: string): [number, number, number] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return [0, 0, 0];
    const stability = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
    return [stability, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || left.localeCompare(right);
}

function subresourceRow(kind: Kind, version: string, name: Subresource): SubresourceRow {
  const own = { group: kind.group, version, kind: kind.kind };
  switch (name) {
    case 'status':
      return { name, responseKind: own, verbs: ['get', 'patch', 'update'] };
    case 'scale': {
      const responseKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
      return { name, responseKind, verbs: ['get', 'patch', 'update'] };
    }
    case 'log':
      return { name, responseKind: own, verbs: ['get'] };
    case 'token': {
      const responseKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
      return { name, responseKind, verbs: ['create'] };
    }
    case 'eviction':
      return { name, responseKind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] };
  }
}

/** The resource itself has no verbs (clients list no such row): it is there for what lies below it, which is read. */
function computedRow({ group, version, ...row }: ComputedResource): ResourceRow {
  const responseKind = { group, version, kind: row.kind };
  return {
    plural: row.plural,
    singular: row.singular,
    kind: row.kind,
    namespaced: row.isNamespaced,
    verbs: [],
    shortNames: [],
    categories: [],
    subresources: [{ name: row.subresource, responseKind, verbs: ['get'] }],
    hash: '',
  };
}

function groupsOf(registry: Registry, computed: readonly ComputedResource[]): GroupVersions[] {
  const groups = new Map<string, Map<string, ResourceRow[]>>();
  const add = (group: string, version: string, row: ResourceRow): void => {
    const versions = groups.get(group) ?? new Map<string, ResourceRow[]>();
    groups.set(group, versions);
    versions.set(version, [...(versions.get(version) ?? []), row]);
  };
  const hashOf = (text: string): string =>
    createHash('sha256').update(text).digest().subarray(0, 8).toString('base64');
  for (const kind of registry.kinds()) {
    for (const version of kind.versions) {
      add(kind.group, version, {
        plural: kind.plural,
        singular: kind.singular,
        kind: kind.kind,
        namespaced: kind.namespaced,
        verbs:
          kind.origin === 'custom-resource'
            ? [...READ_WRITE_VERBS]
            : ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'].filter(
                // Namespaces go one by one.
                (verb) => verb !== 'deletecollection' || keyOf(kind) !== 'namespaces',
              ),
        shortNames: kind.shortNames,
        categories: kind.categories,
        subresources: kind.subresources.map((name) => subresourceRow(kind, version, name)),
        hash: hashOf(`${kind.group}/${kind.versions[0]}/${kind.kind}`),
      });
    }
  }
  for (const review of REVIEWS) {
    add(review.group, review.version, {
      plural: review.plural,
      singular: review.kind.toLowerCase(),
      kind: review.kind,
      namespaced: review.kind.startsWith('Local'),
      verbs: ['create'],
      shortNames: [],
      categories: [],
      subresources: [],
      hash: '',
    });
  }
  for (const row of computed) if (row.isInstalled()) add(row.group, row.version, computedRow(row));
  const order = (group: string): number => {
    const index = BUILT_IN_ORDER.indexOf(group);
    return index < 0 ? BUILT_IN_ORDER.length : index;
  };
  return [...groups]
    .map(([group, versions]) => ({
      group,
      versions: [...versions]
        .map(([version, resources]) => ({
          version,
          resources: resources.toSorted((a, b) => a.plural.localeCompare(b.plural)),
        }))
        .sort((a, b) => compareVersions(a.version, b.version)),
    }))
    .sort((a, b) => order(a.group) - order(b.group) || a.group.localeCompare(b.group));
}

function aggregatedItem({ group, versions }: GroupVersions): unknown {
  return {
    metadata: { name: group, creationTimestamp: null },
    versions: versions.map(({ version, resources }) => ({
      version,
      resources: resources.map((row) => ({
        resource: row.plural,
        responseKind: { group, version, kind: row.kind },
        scope: row.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: row.singular,
        verbs: row.verbs,
        ...(row.shortNames.length === 0 ? {} : { shortNames: row.shortNames }),
        ...(row.categories.length === 0 ? {} : { categories: row.categories }),
        ...(row.subresources.length === 0
          ? {}
          : {
              subresources: row.subresources.map(({ name, responseKind, verbs }) => ({
                subresource: name,
                responseKind,
                verbs,
              })),
            }),
      })),
      freshness: 'Current',
    })),
  };
}

function groupDocument({ group, versions }: GroupVersions): Record<string, unknown> {
  const listed = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: listed, preferredVersion: listed[0] };
}

function resourceList(group: string, version: string, resources: ResourceRow[]): unknown {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: resources.flatMap((row) => [
      {
        name: row.plural,
        singularName: row.singular,
        namespaced: row.namespaced,
        kind: row.kind,
        verbs: row.verbs,
        ...(row.shortNames.length === 0 ? {} : { shortNames: row.shortNames }),
        ...(row.categories.length === 0 ? {} : { categories: row.categories }),
        ...(row.hash === '' ? {} : { storageVersionHash: row.hash }),
      },
      ...row.subresources.map(({ name, responseKind, verbs }) => ({
        name: `${row.plural}/${name}`,
        singularName: '',
        namespaced: row.namespaced,
        ...(responseKind.group === group ? {} : { group: responseKind.group, version: responseKind.version }),
        kind: responseKind.kind,
        verbs,
      })),
    ]),
  };
}

/** Groups that Kubernetes and OpenShift serve themselves, without a definition. */
export function isOwnGroup(registry: Registry, group: string): boolean {
  return (
    registry.kinds().some((kind) => kind.group === group && kind.origin !== 'custom-resource') ||
    REVIEWS.some((review) => review.group === group)
  );
}

export interface DiscoveryAnswer {
  body: unknown;
  contentType: string;
  etag: string | null;
}

const AGGREGATED_DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers `/api`, `/apis` and what lies one or two levels below; null where nothing is served. */
export function discover(
  registry: Registry,
  pathname: string,
  isAggregated: boolean,
  computed: readonly ComputedResource[] = [],
): DiscoveryAnswer | null {
  const groups = groupsOf(registry, computed);
  const plain = (body: unknown): DiscoveryAnswer => ({ body, contentType: 'application/json', etag: null });
  const [root, ...rest] = pathname.split('/').filter((part) => part !== '');
  if (rest.length === 0 && isAggregated) {
    const chosen = groups.filter(({ group }) => (root === 'api' ? group === '' : group !== ''));
    const body = {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: chosen.map(aggregatedItem),
    };
    const etag = createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase();
    return { body, contentType: AGGREGATED_DISCOVERY, etag: `"${etag}"` };
  }
  if (root !== 'api' && root !== 'apis') return null;
  if (root === 'api' && rest.length === 0) {
    return plain({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
    });
  }
  if (root === 'apis' && rest.length === 0) {
    return plain({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.filter(({ group }) => group !== '').map(groupDocument),
    });
  }
  const [groupName = '', versionName] = root === 'api' ? ['', rest[0]] : rest;
  const group = groups.find((candidate) => candidate.group === groupName);
  if (group === undefined) return null;
  if (versionName === undefined)
    return plain({ kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) });
  const version = group.versions.find((candidate) => candidate.version === versionName);
  return version === undefined ? null : plain(resourceList(groupName, versionName, version.resources));
}
