import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { describeListRequest } from './resource-definition';
import { resourceDefinitions } from './resources';

const rows = resourceDefinitions({ ...DEFAULT_SETTINGS, namespace: 'demo' });

describe('resourceDefinitions', () => {
  test('names every resource once', () => {
    const ids = rows.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('no two rows make the same request', () => {
    const requests = rows.map(describeListRequest);
    expect(new Set(requests).size).toBe(requests.length);
  });

  test('asks the whole cluster only for what has no namespace, or must be counted everywhere', () => {
    const clusterWide = rows.filter(
      (row) => row.namespace === null && row.fieldSelector?.startsWith('metadata.name=') !== true,
    );
    expect(clusterWide.map((row) => row.id).sort()).toEqual([
      'clusterpolicies',
      'clusterqueues',
      'clusterserviceversions',
      'datascienceclusters',
      'gatewayclasses',
      'nodes',
      'pods-all',
      'subscriptions',
    ]);
  });

  test('follows the configured namespace', () => {
    expect(rows.filter((row) => row.namespace === 'demo').length).toBeGreaterThan(10);
    expect(rows.some((row) => row.namespace === DEFAULT_SETTINGS.namespace)).toBe(false);
  });

  test('watches no Secrets', () => {
    expect(rows.map((row) => row.plural)).not.toContain('secrets');
  });

  test.each([
    ['bare', {}],
    ['null', { spec: null, status: null, data: null }],
    ['of the wrong type', { spec: 'x', status: 7, data: [], involvedObject: 3, type: {}, reason: [] }],
  ])('reads an object whose parts are %s, whatever its kind', (_name, parts) => {
    for (const row of rows) {
      expect(
        row.parse({ metadata: { name: 'x', labels: 7, annotations: [], ownerReferences: {} }, ...parts }).meta
          .name,
      ).toBe('x');
    }
  });
});
