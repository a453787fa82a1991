import 'server-only';
import { z } from 'zod';

/** Deep enough for `spec.template.containers.env.valueFrom.secretKeyRef.name`. */
const DEEPEST_PATH = 8;
/** Kinds that embed pod templates have a few thousand fields to this depth. */
const MOST_PATHS = 20_000;

const REFERENCE_PREFIX = '#/components/schemas/';

/** The parts of an OpenAPI v3 document of one group version that lead to field names. */
const documentSchema = z.object({
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }).nullish(),
});

const schemaSchema = z.object({
  $ref: z.string().nullish(),
  allOf: z.array(z.unknown()).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .nullish(),
});

type Definitions = Record<string, unknown>;

/**
 * The field paths of one kind, as `oc explain` walks them: through references, lists and maps without a
 * segment of their own. `null` when the document does not describe the kind.
 */
export function readFieldPaths(
  document: unknown,
  groupVersion: string,
  kind: string,
): ReadonlySet<string> | null {
  const definitions = documentSchema.safeParse(document).data?.components?.schemas ?? {};
  const root = findKind(definitions, groupVersion, kind);
  if (root === null) return null;
  const paths = new Set<string>();
  collect(root, '', { definitions, paths, open: new Set() });
  return paths;
}

function findKind(definitions: Definitions, groupVersion: string, kind: string): unknown {
  for (const definition of Object.values(definitions)) {
    const kinds = schemaSchema.safeParse(definition).data?.['x-kubernetes-group-version-kind'] ?? [];
    const isIt = kinds.some(
      (one) =>
        one.kind === kind &&
        (one.group === '' ? one.version : `${one.group}/${one.version}`) === groupVersion,
    );
    if (isIt) return definition;
  }
  return null;
}

interface Collection {
  definitions: Definitions;
  paths: Set<string>;
  /** References on the way from the root, against schemas that hold themselves. */
  open: Set<string>;
}

function collect(raw: unknown, prefix: string, collection: Collection): void {
  const schema = schemaSchema.safeParse(raw).data;
  if (schema === undefined || collection.paths.size >= MOST_PATHS) return;
  if (typeof schema.$ref === 'string') follow(schema.$ref, prefix, collection);
  for (const part of schema.allOf ?? []) collect(part, prefix, collection);
  collect(schema.items, prefix, collection);
  collect(schema.additionalProperties, prefix, collection);
  if (prefix.split('.').length > DEEPEST_PATH) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    collection.paths.add(path);
    collect(property, path, collection);
  }
}

function follow(reference: string, prefix: string, collection: Collection): void {
  if (!reference.startsWith(REFERENCE_PREFIX) || collection.open.has(reference)) return;
  const name = reference.slice(REFERENCE_PREFIX.length);
  if (!Object.hasOwn(collection.definitions, name)) return;
  collection.open.add(reference);
  collect(collection.definitions[name], prefix, collection);
  collection.open.delete(reference);
}
