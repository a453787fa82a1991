import { CATALOGUE } from './catalogue.ts';
import { AGE, NAME } from './columns.ts';
import { DEFINITIONS as CRD_KEY } from './definitions.ts';
import { type Column, type Kind, type KindDefinition, keyOf } from './kinds.ts';
import { isEqualJson, isRecord, type KubernetesObject, valueAt } from './object.ts';
import type { Schema } from './schemas/schema.ts';
import type { ObjectStore } from './store.ts';

/** The kinds served right now: built-in ones, and those whose CustomResourceDefinition exists. */
export interface Registry {
  kinds(): readonly Kind[];
  find(group: string, version: string, plural: string): Kind | undefined;
  /** Changes whenever the set of kinds does. */
  version(): string;
}

/** The schema of a definition without what all objects have. */
export function ownSchema(declared: Schema): Schema {
  const { properties = {}, required, ...schema } = declared;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...own } = properties;
  const wanted = required?.filter((field) => own[field] !== undefined) ?? [];
  return { ...schema, ...(wanted.length === 0 ? {} : { required: wanted }), properties: own };
}

/** What a version of a definition says about its objects. */
function definitionOf(version: Record<string, unknown>): KindDefinition {
  const declared = valueAt(version, 'schema', 'openAPIV3Schema');
  const scale = valueAt(version, 'subresources', 'scale');
  return {
    schema: ownSchema((isRecord(declared) ? declared : { type: 'object' }) as Schema),
    ...(isRecord(scale) ? { scale: scale as NonNullable<KindDefinition['scale']> } : {}),
  };
}

/** A kind that the catalogue does not know, as its CustomResourceDefinition declares it. */
export function kindFromDefinition(definition: KubernetesObject): Kind | undefined {
  const names = valueAt(definition, 'spec', 'names');
  const versions = valueAt(definition, 'spec', 'versions');
  if (!isRecord(names) || !Array.isArray(versions)) return undefined;
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const served = versions.filter((version) => isRecord(version) && version.served === true);
  const stored = served.find((version) => version.storage === true) ?? served[0];
  if (stored === undefined) return undefined;
  const printed = Array.isArray(stored.additionalPrinterColumns) ? stored.additionalPrinterColumns : [];
  const kindName = String(names.kind);
  return {
    kind: kindName,
    group: String(valueAt(definition, 'spec', 'group')),
    versions: [stored, ...served.filter((version) => version !== stored)].map((version) =>
      String(version.name),
    ),
    plural: String(names.plural),
    singular: String(names.singular ?? kindName.toLowerCase()),
    shortNames: list(names.shortNames),
    categories: list(names.categories),
    namespaced: valueAt(definition, 'spec', 'scope') === 'Namespaced',
    origin: 'custom-resource',
    installedBy: 'kubernetes',
    definition: definitionOf(stored),
    subresources: [
      ...(valueAt(stored, 'subresources', 'status') === undefined ? [] : (['status'] as const)),
      ...(valueAt(stored, 'subresources', 'scale') === undefined ? [] : (['scale'] as const)),
    ],
    columns:
      printed.length === 0
        ? [NAME, AGE]
        : [
            NAME,
            ...printed.map((column: Record<string, unknown>) => ({
              name: String(column.name),
              type: column.type as Column['type'],
              priority: Number(column.priority ?? 0),
              description: String(
                column.description ??
                  `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
              ),
              value: String(column.jsonPath),
            })),
          ],
  };
}

/** A definition may serve other versions than the catalogue tells. */
function inServedVersions(kind: Kind, definition: KubernetesObject): Kind {
  const versions = kindFromDefinition(definition)?.versions ?? kind.versions;
  return isEqualJson(versions, kind.versions) ? kind : { ...kind, versions };
}

export function createRegistry(store: ObjectStore): Registry {
  let kinds: readonly Kind[] | null = null;
  let generation = 0;
  store.subscribe((change) => {
    if (change.kind !== CRD_KEY) return;
    kinds = null;
    generation += 1;
  });

  const read = (): readonly Kind[] => {
    if (kinds !== null) return kinds;
    const definitions = new Map(
      store.list(CRD_KEY).map((definition) => [definition.metadata.name, definition]),
    );
    const known = CATALOGUE.flatMap((kind) => {
      if (kind.origin !== 'custom-resource') return [kind];
      const definition = definitions.get(keyOf(kind));
      return definition === undefined ? [] : [inServedVersions(kind, definition)];
    });
    const unknown = [...definitions.values()]
      .filter((definition) => !CATALOGUE.some((kind) => keyOf(kind) === definition.metadata.name))
      .flatMap((definition) => kindFromDefinition(definition) ?? []);
    kinds = [...known, ...unknown];
    return kinds;
  };

  return {
    kinds: read,
    find: (group, version, plural) =>
      read().find(
        (kind) => kind.group === group && kind.plural === plural && kind.versions.includes(version),
      ),
    version: () => String(generation),
  };
}
