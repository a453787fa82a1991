import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { CATALOGUE, kindOfObject } from '../kubernetes-api/catalogue.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { createObjectStore, type ObjectStore } from '../kubernetes-api/store.ts';
import { healthyObjects, loadObjects } from './healthy.ts';
import { SCENE_MS, shiftTimes } from './shift-times.ts';

const SAMPLES = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'facts', 'samples');

function load(nowMs: number): ObjectStore {
  const store = createObjectStore();
  loadObjects(store, healthyObjects(), nowMs);
  return store;
}

/** The files that the samples' index lists under the healthy scene. */
function sampleFiles(): string[] {
  const index = readFileSync(join(SAMPLES, 'INDEX-kubernetes-objects.md'), 'utf8');
  const section = index.slice(index.indexOf('## Healthy scene'), index.indexOf('## Variants'));
  return [...section.matchAll(/`([^`]+\.json)`/g)].map((match) => match[1] ?? '');
}

describe.skipIf(!existsSync(SAMPLES))('the samples’ healthy scene', () => {
  test('is loaded exactly, every object of it', () => {
    const store = load(SCENE_MS);
    const expected = sampleFiles().flatMap((file): KubernetesObject[] => {
      const object = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as KubernetesObject;
      // The last four events of the list belong to variants of the scene.
      return Array.isArray(object.items) ? object.items.slice(0, -4) : [object];
    });
    expect(expected.length).toBeGreaterThan(60);
    for (const object of expected) {
      if (object.kind === 'PartialObjectMetadata') {
        expect(store.get('secrets', object.metadata.namespace, object.metadata.name)).toEqual({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: object.metadata,
          type: 'kubernetes.io/tls',
        });
      } else {
        const { namespace, name } = object.metadata;
        expect(store.get(keyOf(kindOfObject(object)), namespace, name)).toEqual(object);
      }
    }
  });
});

test('no Secret has contents', () => {
  const store = load(SCENE_MS);
  expect(store.list('secrets').map((secret) => Object.keys(secret).sort())).toEqual([
    ['apiVersion', 'kind', 'metadata', 'type'],
  ]);
});

test('fourteen twenty of the scene is now, for every timestamp', () => {
  const byHours = 31;
  const [shifted, scene] = [load(SCENE_MS + byHours * 3_600_000), load(SCENE_MS)];
  const pod = (store: ObjectStore) =>
    store.get('pods', 'private-ai', 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b');
  expect(pod(shifted)).toEqual(shiftTimes(pod(scene), byHours * 3600));
  expect(pod(shifted)?.metadata.creationTimestamp).toBe('2025-12-30T21:02:12Z');
});

test('shifting keeps the form of a time, and leaves other text alone', () => {
  const value = {
    at: '2025-12-29T14:20:00Z',
    exact: '2025-12-29T14:20:00.123456Z',
    text: 'at 2025-12-29T14:20:00Z',
    none: null,
    list: ['2025-12-31T23:59:59Z'],
  };
  expect(shiftTimes(value, 2)).toEqual({
    at: '2025-12-29T14:20:02Z',
    exact: '2025-12-29T14:20:02.123456Z',
    text: 'at 2025-12-29T14:20:00Z',
    none: null,
    list: ['2026-01-01T00:00:01Z'],
  });
});

test('uids, names and references of the whole scene fit together', () => {
  const store = load(virtualClock().nowMs());
  const objects = CATALOGUE.filter(({ storedAs }) => storedAs === undefined).flatMap((kind) =>
    store.list(keyOf(kind)),
  );
  const uids = objects.map(({ metadata }) => metadata.uid);
  expect(new Set(uids).size).toBe(objects.length);
  const known = new Set(uids);
  const orphans = objects.filter(
    ({ metadata }) => metadata.ownerReferences?.some(({ uid }) => !known.has(uid)) === true,
  );
  expect(orphans.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  const namespaces = new Set(store.list('namespaces').map(({ metadata }) => metadata.name));
  const homeless = objects.filter(
    ({ metadata }) => metadata.namespace !== undefined && !namespaces.has(metadata.namespace),
  );
  expect(homeless.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([]);
  const versions = objects.map(({ metadata }) => metadata.resourceVersion);
  expect(new Set(versions).size).toBe(versions.length);
});
