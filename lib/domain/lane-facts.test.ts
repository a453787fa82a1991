import { describe, expect, it } from 'vitest';
import { resolveEndpoints } from './endpoints';
import { factsByPath, type LaneFact, type LaneFacts, toLaneFacts } from './lane-facts';
import { DEFAULT_SETTINGS } from './settings';
import { solePod } from './sole-pod';
import { buildCluster, buildProbe, NOW } from './testing/build-cluster';
import { buildBaselinePod, buildEnginePod } from './testing/build-objects';
import type { Arm } from './vocabulary';

const BASELINE_POD = buildBaselinePod('node-c');
const ENGINES = [buildEnginePod('engine-a', 'node-a'), buildEnginePod('engine-b', 'node-b')];

function facts(
  arm: Arm,
  cluster = buildCluster(),
  probes = [buildProbe({ arm })],
  settings = DEFAULT_SETTINGS,
): LaneFacts {
  return toLaneFacts({
    arm,
    settings,
    cluster,
    probes,
    paths: resolveEndpoints(settings, cluster, probes)[arm],
    contextTokens: { cluster: 8_192, configured: 16_384 },
    servedModelName: 'mistral',
    sendsKey: false,
    trustsOwnCa: false,
    ingressPorts: new Set([443]),
  });
}

describe('what a lane says of itself', () => {
  it('comes from objects and from the server, each fact with its source', () => {
    const probes = [buildProbe({ arm: 'baseline', path: 'route', kind: 'models', engineVersion: '0.10.1' })];
    const lane = facts('baseline', buildCluster(), probes);
    expect(lane.facts).toMatchInlineSnapshot(`
      [
        {
          "id": "model",
          "source": "InferenceService mistral-3-int4, storageUri",
          "value": "mistral-small-24b-instruct-2501-quantized-w4a16",
        },
        {
          "id": "quantization",
          "source": "name of the model in InferenceService mistral-3-int4, storageUri",
          "value": "w4a16",
        },
        {
          "id": "context",
          "source": "GET /v1/models, max_model_len",
          "value": 8192,
        },
        {
          "id": "replicas",
          "source": "ready engine pods: mistral-3-int4-predictor-dsg",
          "value": 1,
        },
        {
          "id": "gpus",
          "source": "ready engine pods: mistral-3-int4-predictor-dsg",
          "value": 1,
        },
        {
          "id": "engine",
          "source": "GET /version by route",
          "value": "0.10.1",
        },
      ]
    `);
  });

  it('knows nothing it was not told', () => {
    const empty = buildCluster(
      { pods: [], inferenceservices: [], llminferenceservices: [] },
      { pods: { lastProofAt: null } },
    );
    expect(facts('distributed', empty, []).facts.map(({ id, value }) => [id, value])).toMatchInlineSnapshot(`
      [
        [
          "model",
          null,
        ],
        [
          "quantization",
          null,
        ],
        [
          "context",
          8192,
        ],
        [
          "replicas",
          null,
        ],
        [
          "gpus",
          null,
        ],
        [
          "engine",
          null,
        ],
      ]
    `);
  });

  it('claims for a configured URL only what that URL itself tells', () => {
    const settings = (distributed: string) => ({
      ...DEFAULT_SETTINGS,
      endpointOverride: { baseline: null, distributed },
    });
    const probes = [
      buildProbe({ arm: 'distributed', path: 'override', kind: 'models', engineVersion: '9.9' }),
      buildProbe({ arm: 'distributed', path: 'route', kind: 'models', engineVersion: '0.10.1' }),
    ];
    const lane = facts('distributed', buildCluster(), probes, settings('https://elsewhere.example'));
    const values = (some: LaneFact[] | null) => some?.map(({ id, value }) => [id, value]);
    expect(lane.usedPath).toBe('override');
    expect(values(factsByPath(lane, null))).toEqual([
      ['model', null],
      ['quantization', null],
      ['context', 16_384],
      ['replicas', null],
      ['gpus', null],
      ['engine', '9.9'],
    ]);
    expect(values(factsByPath(lane, 'route'))?.slice(2)).toEqual([
      ['context', 8_192],
      ['replicas', 2],
      ['gpus', 2],
      ['engine', '0.10.1'],
    ]);
    const route = facts('distributed').paths.find(({ path }) => path === 'route')?.url ?? '';
    const same = facts('distributed', buildCluster(), probes, settings(new URL(route).origin));
    expect([same.usedPath, same.configuredFacts]).toEqual(['override', null]);
    expect(values(factsByPath(same, null))?.slice(3, 5)).toEqual([
      ['replicas', 2],
      ['gpus', 2],
    ]);
  });

  it('lists the ways to it in the order in which they are tried, and whose certificates are not verified', () => {
    expect(facts('distributed').paths.map(({ path, verifiesTls }) => [path, verifiesTls])).toEqual([
      ['gateway', true],
      ['route', false],
      ['service', false],
    ]);
  });

  it('says for which ways the connection is made to another place than the address', () => {
    expect(
      facts('distributed').paths.map(({ path, connectsInsteadOfPort }) => [path, connectsInsteadOfPort]),
    ).toEqual([
      ['gateway', null],
      ['route', 443],
      ['service', null],
    ]);
  });
});

describe('the one pod that can have answered', () => {
  const view = { items: [BASELINE_POD, ...ENGINES], lastProofAt: NOW };

  it('is the ready pod of an arm that has one', () => {
    expect(solePod({ arm: 'baseline', path: 'route' }, DEFAULT_SETTINGS, view, NOW)).toBe(
      BASELINE_POD.meta.name,
    );
  });

  it.each([
    ['an arm with two pods', { arm: 'distributed', path: 'gateway' }, view],
    ['an address from the configuration', { arm: 'baseline', path: 'override' }, view],
    [
      'a view without proof of life',
      { arm: 'baseline', path: 'route' },
      { ...view, lastProofAt: NOW - 20_001 },
    ],
    ['pods never seen', { arm: 'baseline', path: 'route' }, { items: [], lastProofAt: null }],
    [
      'a second pod that is going away, and may still be answering',
      { arm: 'baseline', path: 'route' },
      {
        ...view,
        items: [
          BASELINE_POD,
          buildBaselinePod('node-c', {
            meta: { ...BASELINE_POD.meta, name: 'old', deletedAt: '2025-12-29T14:19:00Z' },
          }),
        ],
      },
    ],
  ] as const)('is not known for %s', (_case, path, pods) => {
    expect(solePod(path, DEFAULT_SETTINGS, pods, NOW)).toBeNull();
  });
});
