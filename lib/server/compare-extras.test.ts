import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveEndpoints } from '@/lib/domain/endpoints';
import type { LoadSample } from '@/lib/domain/load';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster } from '@/lib/domain/testing/build-cluster';
import { buildCondition, buildEvent, buildRoute } from '@/lib/domain/testing/build-objects';
import { aCompare } from '@/lib/domain/testing/compare-fixtures';
import { type CompareExtrasOptions, createCompareExtras } from './compare-extras';

const RANGE = { from: '2025-12-29T14:00:00.000Z', to: '2025-12-29T14:05:00.000Z', isPinned: false };
const NO_FILES = { path: null, readAt: RANGE.to, runs: [], problems: [] };

function complete(overrides: Partial<CompareExtrasOptions> = {}) {
  const extras = createCompareExtras({
    settings: DEFAULT_SETTINGS,
    pricesFile: null,
    targetsFile: null,
    cluster: () => buildCluster(),
    paths: () => resolveEndpoints(overrides.settings ?? DEFAULT_SETTINGS, buildCluster(), []),
    samples: () => [],
    loads: () => [],
    guidellm: async () => NO_FILES,
    ...overrides,
  });
  return extras.complete(aCompare({ range: RANGE }));
}

async function aFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-extras-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file.yaml');
  await writeFile(path, text);
  return path;
}

function aSample(sentAt: string, ttftMs: number | null): LoadSample {
  return {
    arm: 'baseline',
    origin: 'chat',
    sentAt,
    ttftMs,
    meanItlMs: 55,
    e2eMs: 900,
    completionTokens: 16,
    path: 'route',
    outcome: 'answered',
    code: null,
    promptTokens: 20,
    cachedPromptTokens: null,
  };
}

describe('what stands beside the curves', () => {
  it('is nothing invented where nothing is configured', async () => {
    const compare = await complete();
    expect(compare).toMatchObject({ prices: null, fileProblems: [], clientSamples: [], grafana: null });
    expect(compare.costs.baseline).toMatchObject({
      gpus: 1,
      pricePerHour: null,
      because: 'prices are not configured (PRICES_FILE)',
    });
    expect(compare.targets.map(({ id, state }) => [id, state])).toEqual([
      ['throughput-at-sla', 'not-yet-measured'],
    ]);
  });

  it('is the price of the file with its date and source', async () => {
    const text = 'currency: USD\ndate: 2026-01-31\nsource: a list\nperGpuHour: { g6.4xlarge: 1.5 }\n';
    const compare = await complete({ pricesFile: await aFile(text) });
    expect(compare.prices).toEqual({ currency: 'USD', asOf: '2026-01-31', source: 'a list' });
    expect(compare.costs.distributed).toMatchObject({ gpus: 2, pricePerHour: 3, because: null });
  });

  it('says what is wrong with a file, and shows what is shipped instead', async () => {
    const [pricesFile, targetsFile] = [await aFile('currency: 7'), '/nowhere/targets.yaml'];
    const compare = await complete({ pricesFile, targetsFile });
    expect(compare.fileProblems).toEqual([
      expect.stringContaining('The file of PRICES_FILE is wrong at currency'),
      'The file of TARGETS_FILE is not there.',
    ]);
    expect(compare.costs.baseline.because).toContain('PRICES_FILE');
    expect(compare.targets).toHaveLength(1);
  });

  it('is the requests of the window as this dashboard timed them', async () => {
    const samples = [
      aSample('2025-12-29T13:59:59.999Z', 1),
      aSample('2025-12-29T14:00:00.000Z', 2),
      aSample('2025-12-29T14:05:00.001Z', 3),
    ];
    const { clientSamples } = await complete({ samples: () => samples });
    expect(clientSamples).toEqual([
      {
        arm: 'baseline',
        origin: 'chat',
        sentAt: '2025-12-29T14:00:00.000Z',
        ttftMs: 2,
        meanItlMs: 55,
        e2eMs: 900,
        completionTokens: 16,
      },
    ]);
  });

  it('leaves out what went to a configured URL, which may lead elsewhere than to the pods of the curves', async () => {
    const at = '2025-12-29T14:01:00.000Z';
    const samples = [aSample(at, 1), { ...aSample(at, 2), path: 'override' as const }];
    const shown = async (baseline: string | null) => {
      const { clientSamples } = await complete({
        settings: { ...DEFAULT_SETTINGS, endpointOverride: { baseline, distributed: null } },
        samples: () => samples,
      });
      return clientSamples.map(({ ttftMs }) => ttftMs);
    };
    expect(await shown('https://elsewhere.example')).toEqual([1]);
    const route = resolveEndpoints(DEFAULT_SETTINGS, buildCluster(), []).baseline[0]?.baseUrl ?? null;
    expect(await shown(route)).toEqual([1, 2]);
    const plan = {
      usersPerArm: 4,
      arms: ['baseline' as const, 'distributed' as const],
      path: null,
      shape: 'documents' as const,
    };
    const span = { startedAt: Date.parse(at), endedAt: null, plan };
    const { annotations } = await complete({
      loads: () => [
        { ...span, unchartedArms: ['baseline'] },
        { ...span, unchartedArms: ['baseline', 'distributed'] },
      ],
    });
    expect(annotations.map(({ kind, arm }) => [kind, arm])).toEqual([['load', 'distributed']]);
  });

  it('is the load that runs, and what the lab announced', async () => {
    const events = [
      buildEvent('s', '2025-12-29T14:01:00Z', {
        reason: 'FaultStarted',
        message: 'The lab started the fault x',
      }),
    ];
    const { annotations } = await complete({
      cluster: () => buildCluster({ events }),
      loads: () => [
        {
          startedAt: Date.parse('2025-12-29T14:02:00Z'),
          endedAt: null,
          plan: { usersPerArm: 4, arms: ['baseline', 'distributed'], path: null, shape: 'synthetic-256' },
          unchartedArms: [],
        },
      ],
    });
    expect(annotations.map(({ kind, text }) => [kind, text])).toEqual([
      ['lab', 'The lab started the fault x'],
      ['load', 'Load: 4 users'],
    ]);
  });

  it('is the address of Grafana where its Route is admitted', async () => {
    const route = (admitted: 'True' | 'False') => ({
      ...buildRoute('baseline'),
      meta: { ...buildRoute('baseline').meta, name: 'grafana-route' },
      host: 'grafana.apps.example.com',
      termination: 'edge',
      ingress: [{ host: 'grafana.apps.example.com', admitted: buildCondition('Admitted', admitted) }],
    });
    const at = async (admitted: 'True' | 'False') =>
      (await complete({ cluster: () => buildCluster({ routes: [buildRoute('baseline'), route(admitted)] }) }))
        .grafana;
    expect(await at('True')).toBe('https://grafana.apps.example.com/');
    expect(await at('False')).toBeNull();
  });
});
