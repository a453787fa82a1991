import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { healthyObjects } from '../world/healthy.ts';
import { examine } from './admission.ts';
import { CATALOGUE, kindOfObject } from './catalogue.ts';
import { type Kind, keyOf } from './kinds.ts';
import { isRecord, type KubernetesObject } from './object.ts';
import { ownSchema } from './registry.ts';
import { isDescribed, schemaOf } from './schemas/index.ts';
import type { Schema } from './schemas/schema.ts';

const CRDS = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'crds');

interface RealVersion {
  name: string;
  subresources?: Record<string, unknown>;
  additionalPrinterColumns?: { name: string; type: string; priority?: number; jsonPath: string }[];
  schema: { openAPIV3Schema: Schema };
}

interface RealDefinition {
  metadata: { name: string };
  spec: {
    scope: string;
    names: { shortNames?: string[]; categories?: string[]; singular: string };
    versions: RealVersion[];
  };
}

function readDefinitions(): RealDefinition[] {
  if (!existsSync(CRDS)) return [];
  return readdirSync(CRDS)
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('newer'))
    .map((file) => parse(readFileSync(join(CRDS, file), 'utf8')) as RealDefinition)
    .filter(({ metadata }) =>
      CATALOGUE.some((kind) => keyOf(kind) === metadata.name && kind.origin === 'custom-resource'),
    );
}

const DEFINITIONS = readDefinitions();

const hasDefinition = (kind: Kind): boolean =>
  DEFINITIONS.some(({ metadata }) => metadata.name === keyOf(kind));

const DESCRIBED = CATALOGUE.filter((kind) => isDescribed(kind) && hasDefinition(kind));

const ROOT = resolve(import.meta.dirname, '..', '..');

function filesIn(folder: string, ending: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Objects of described kinds in the samples, in our manifests and in those of the steps. */
function readExamples(): [name: string, object: KubernetesObject][] {
  const files = [
    ...filesIn(resolve(CRDS, '..', 'facts', 'samples'), /\.json$/),
    ...filesIn(join(ROOT, 'gitops'), /\.ya?ml$/),
    ...filesIn(join(ROOT, 'steps'), /\.ya?ml$/),
  ];
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8'))
      .map((document): unknown => document.toJS())
      .filter((value): value is KubernetesObject => isRecord(value) && isRecord(value.metadata))
      .filter((object) =>
        DESCRIBED.some(
          (kind) => object.kind === kind.kind && object.apiVersion === `${kind.group}/${kind.versions[0]}`,
        ),
      )
      .map((object): [string, KubernetesObject] => [
        `${relative(ROOT, file)}: ${object.kind} ${object.metadata.name}`,
        object,
      ]),
  );
}

const EXAMPLES = readExamples();

test('every object of the healthy scene satisfies its schema', () => {
  const found = healthyObjects()
    .map((object) => ({
      name: `${object.kind} ${object.metadata.name}`,
      ...examine(kindOfObject(object), object),
    }))
    .filter(({ problems, unknownFields }) => problems.length + unknownFields.length > 0);
  expect(found).toEqual([]);
});

describe.skipIf(!existsSync(CRDS))('against the real CustomResourceDefinitions', () => {
  test.each(DEFINITIONS.map((definition) => [definition.metadata.name, definition] as const))(
    '%s is declared alike',
    (name, { spec }) => {
      const kind = CATALOGUE.find((row) => keyOf(row) === name);
      if (kind === undefined) throw new Error('filtered above');
      const version = spec.versions.find((candidate) => candidate.name === kind.versions[0]);
      expect({
        namespaced: kind.namespaced,
        shortNames: kind.shortNames,
        categories: kind.categories,
        singular: kind.singular,
        subresources: kind.subresources.toSorted(),
        columns: kind.columns
          .filter(({ description }) => description.startsWith('Custom resource definition column'))
          .map(
            ({ name: label, type, priority, value }) =>
              `${label} ${type} ${priority} ${String(value).replaceAll('"', "'")}`,
          ),
      }).toEqual({
        namespaced: spec.scope === 'Namespaced',
        shortNames: spec.names.shortNames ?? [],
        categories: spec.names.categories ?? [],
        singular: spec.names.singular,
        subresources: Object.keys(version?.subresources ?? {}).sort(),
        columns: (version?.additionalPrinterColumns ?? []).map(
          ({ name: label, type, priority = 0, jsonPath }) =>
            `${label} ${type} ${priority} ${jsonPath.replaceAll('"', "'")}`,
        ),
      });
    },
  );

  /** Differences below a path; a schema that keeps unknown fields need not list them all. */
  function differences(ours: Schema, real: Schema, path: string): string[] {
    if (ours['x-kubernetes-int-or-string'] === true) {
      return real['x-kubernetes-int-or-string'] === true || real.type !== undefined
        ? []
        : [`${path}: not int-or-string`];
    }
    const isOpen = ours['x-kubernetes-preserve-unknown-fields'] === true;
    const found: string[] = [];
    if (real.type !== undefined && ours.type !== real.type)
      found.push(`${path}: ${ours.type}, really ${real.type}`);
    // Metadata is every object's own; no schema here tells of it.
    const required = real.required?.filter((field) => path !== '' || field !== 'metadata');
    if (!isOpen && JSON.stringify(ours.required?.toSorted()) !== JSON.stringify(required?.toSorted())) {
      found.push(`${path}: requires ${ours.required}, really ${required}`);
    }
    if (ours.enum !== undefined && JSON.stringify(ours.enum) !== JSON.stringify(real.enum)) {
      found.push(`${path}: one of ${ours.enum}, really ${real.enum}`);
    }
    for (const [field, schema] of Object.entries(ours.properties ?? {})) {
      const counterpart = real.properties?.[field];
      if (counterpart === undefined) found.push(`${path}.${field}: not there`);
      else found.push(...differences(schema, counterpart, `${path}.${field}`));
    }
    if (!isOpen) {
      for (const field of Object.keys(real.properties ?? {})) {
        if (
          ours.properties?.[field] === undefined &&
          !(path === '' && ['apiVersion', 'kind', 'metadata'].includes(field))
        ) {
          found.push(`${path}.${field}: missing`);
        }
      }
    }
    if (ours.items !== undefined && real.items !== undefined)
      found.push(...differences(ours.items, real.items, `${path}[]`));
    return found;
  }

  const realSchemaOf = (name: string, version: string): Schema => {
    const real = DEFINITIONS.find(({ metadata }) => metadata.name === name);
    const served = real?.spec.versions.find((candidate) => candidate.name === version);
    if (served === undefined) throw new Error(`no definition of ${name} ${version}`);
    return served.schema.openAPIV3Schema;
  };

  test.each(DESCRIBED.map((kind) => [keyOf(kind), kind] as const))(
    'the schema of %s agrees, path by path',
    (name, kind) => {
      expect(differences(schemaOf(kind), realSchemaOf(name, kind.versions[0] ?? ''), '')).toEqual([]);
    },
  );

  test('the kinds whose whole trees the facts tell keep nothing open', () => {
    const names = ['llminferenceservices.serving.kserve.io', 'llminferenceserviceconfigs.serving.kserve.io'];
    for (const name of names) {
      const kind = DESCRIBED.find((row) => keyOf(row) === name);
      expect([name, kind !== undefined && isDescribed(kind)]).toEqual([name, true]);
    }
  });

  /** The kind as its real definition has it. */
  function asDefined(kind: Kind): Kind {
    return { ...kind, definition: { schema: ownSchema(realSchemaOf(keyOf(kind), kind.versions[0] ?? '')) } };
  }

  test.each(EXAMPLES)('%s is admitted or refused alike', (_name, object) => {
    const kind = kindOfObject(object);
    const [ours, real] = [examine(kind, object), examine(asDefined(kind), object)];
    expect({ problems: ours.problems.map(({ field }) => field), unknown: ours.unknownFields }).toEqual({
      problems: real.problems.map(({ field }) => field),
      unknown: real.unknownFields,
    });
  });
});
