/** How a row of the catalogue is written. */
import { AGE, BUILT_IN_COLUMNS, NAME } from '../columns.ts';
import { type Column, type Installer, type Kind, keyOf, type Subresource } from '../kinds.ts';

export interface Row {
  kind: string;
  group: string;
  versions: string[];
  plural: string;
  shortNames?: string[];
  categories?: string[];
  scope: 'cluster' | 'namespaced';
  subresources?: Subresource[];
}

/** What a row says of a kind, whoever serves it. */
function named(
  row: Row,
): Pick<
  Kind,
  'kind' | 'group' | 'versions' | 'plural' | 'singular' | 'shortNames' | 'categories' | 'namespaced'
> {
  return {
    kind: row.kind,
    group: row.group,
    versions: row.versions,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.scope === 'namespaced',
  };
}

export function builtIn(row: Row, origin: Kind['origin'] = 'built-in'): Kind {
  const kind: Kind = {
    ...named(row),
    origin,
    installedBy: origin === 'aggregated' ? 'openshift' : 'kubernetes',
    subresources: row.subresources ?? [],
    columns: [],
  };
  return { ...kind, columns: BUILT_IN_COLUMNS[keyOf(kind)] ?? [NAME, AGE] };
}

/** A CRD's column: a JSONPath, described as the API server describes it. */
export function column(
  name: string,
  path: string,
  options: { type?: Column['type']; priority?: number } = {},
): Column {
  return {
    name,
    type: options.type ?? 'string',
    priority: options.priority ?? 0,
    description: `Custom resource definition column (in JSONPath format): ${path}`,
    value: path,
  };
}

export function custom(installedBy: Installer, row: Row, columns: Column[] = []): Kind {
  return {
    ...named(row),
    origin: 'custom-resource',
    installedBy,
    subresources: row.subresources ?? ['status'],
    // The API server adds an Age column only when the CRD declares no column at all.
    columns: columns.length === 0 ? [NAME, AGE] : [NAME, ...columns],
  };
}

export const age = column('Age', '.metadata.creationTimestamp', { type: 'date' });
export const condition = (type: string, field = 'status'): string =>
  `.status.conditions[?(@.type=='${type}')].${field}`;
export const all = ['all'];
