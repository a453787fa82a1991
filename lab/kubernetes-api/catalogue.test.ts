import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { healthyObjects } from '../world/healthy.ts';
import { examine } from './admission.ts';
import { CATALOGUE, kindOfObject } from './catalogue.ts';
import { keyOf } from './kinds.ts';
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
    if (!isOpen && JSON.stringify(ours.required?.toSorted()) !== JSON.stringify(real.required?.toSorted())) {
      found.push(`${path}: requires ${ours.required}, really ${real.required}`);
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

  test.each(['llminferenceservices.serving.kserve.io', 'llminferenceserviceconfigs.serving.kserve.io'])(
    'the whole schema of %s agrees, path by path',
    (name) => {
      const kind = CATALOGUE.find((row) => keyOf(row) === name);
      const real = DEFINITIONS.find(({ metadata }) => metadata.name === name);
      if (kind === undefined || real === undefined) throw new Error('both are there');
      expect(isDescribed(kind)).toBe(true);
      const version = real.spec.versions.find((candidate) => candidate.name === kind.versions[0]);
      expect(differences(schemaOf(kind), version?.schema.openAPIV3Schema ?? {}, '')).toEqual([]);
    },
  );
});
