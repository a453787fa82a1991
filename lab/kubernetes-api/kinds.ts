import type { KubernetesObject } from './object.ts';
import type { Schema } from './schemas/schema.ts';

export type Cell = string | number | boolean | null;

/** One column of `kubectl get`. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  /** 0 always, anything greater only with `-o wide`. */
  priority: number;
  description: string;
  /** JSONPath as in a CRD's `additionalPrinterColumns`, or a function where the API server has code. */
  value: string | ((object: KubernetesObject, nowMs: number) => Cell);
}

/** Who brings the kind to a cluster; a scenario installs some of these and not others. */
export type Installer =
  | 'kubernetes'
  | 'openshift'
  | 'openshift-ai'
  | 'leader-worker-set-operator'
  | 'leader-worker-set'
  | 'kueue'
  | 'connectivity-link'
  | 'gpu-operator'
  | 'node-feature-discovery'
  | 'cert-manager'
  | 'gitops'
  | 'serverless'
  | 'service-mesh'
  | 'custom-metrics-autoscaler';

export type Subresource = 'status' | 'scale' | 'log' | 'eviction' | 'token';

export interface KindDefinition {
  schema: Schema;
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
}

/** `<plural>.<group>`; the core group's kinds are just their plural. */
export type KindKey = string;

/** A row of the catalogue: everything the API server needs to serve a kind. */
export interface Kind {
  kind: string;
  group: string;
  /** In order of preference; the first is the stored one. Versions differ in `apiVersion` only. */
  versions: readonly string[];
  plural: string;
  singular: string;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  /** Items of built-in and aggregated kinds carry no apiVersion and kind inside lists; items of CRDs do. */
  origin: 'built-in' | 'aggregated' | 'custom-resource';
  installedBy: Installer;
  subresources: readonly Subresource[];
  columns: readonly Column[];
  /** As its CustomResourceDefinition declares it, for kinds that the catalogue does not know. */
  definition?: KindDefinition;
  /** Where a second API shows the objects of another kind (events.k8s.io), that kind's key. */
  storedAs?: KindKey;
}

/** The key under which the store keeps the objects of a kind. */
export function keyOf(kind: Pick<Kind, 'plural' | 'group' | 'storedAs'>): KindKey {
  if (kind.storedAs !== undefined) return kind.storedAs;
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

export function apiVersionOf(kind: Kind, version = kind.versions[0] ?? 'v1'): string {
  return kind.group === '' ? version : `${kind.group}/${version}`;
}

export const READ_WRITE_VERBS = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
] as const;
