import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import type { ResourceId } from '@/lib/domain/objects';
import { DEFAULT_SETTINGS, type DemoSettings } from '@/lib/domain/settings';
import {
  buildCluster,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  NOW,
} from '@/lib/domain/testing/build-cluster';
import type { AnyResourceDefinition } from './resource-definition';
import { resourceDefinitions } from './resources';

/** Example objects that live beside the repository on some machines; without them these tests are skipped. */
const FOLDER = join(process.cwd(), '..', 'shared', 'facts', 'samples');
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : [];

interface Sample {
  file: string;
  raw: {
    apiVersion?: string;
    kind?: string;
    metadata?: { namespace?: string; name?: string };
    items?: unknown[];
  };
}

function readSample(file: string): Sample {
  return { file, raw: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Sample['raw'] };
}

function matches(row: AnyResourceDefinition, { raw, file }: Sample): boolean {
  const version = row.group === '' ? row.version : `${row.group}/${row.version}`;
  const plural = file.replace(/^(variant|multinode)\./, '').split('.')[0] ?? '';
  return (
    raw.apiVersion === version &&
    (row.plural === `${plural}s` ||
      row.plural === plural.replace(/y$/, 'ies') ||
      row.plural === `${plural}es`)
  );
}

const objects = files
  .filter((file) => file.endsWith('.json') && !/^(api|eventlist|error-bodies|guidellm|secret)/.test(file))
  .map(readSample)
  .filter(({ raw }) => raw.kind !== undefined);

/** The scene of those samples as the reader would publish it. */
function sceneOf(samples: readonly Sample[], settings: DemoSettings) {
  const items: Partial<Record<ResourceId, unknown[]>> = {};
  for (const row of resourceDefinitions(settings)) {
    const name = row.fieldSelector?.replace(/^metadata\.name=/, '');
    items[row.id] = samples
      .filter((sample) => matches(row, sample))
      .filter(({ raw }) => row.namespace === null || raw.metadata?.namespace === row.namespace)
      .filter(
        ({ raw }) => row.fieldSelector?.startsWith('metadata.name=') !== true || raw.metadata?.name === name,
      )
      .map(({ raw }) => row.parse(raw));
  }
  const given = Object.fromEntries(Object.entries(items).filter(([, list]) => list.length > 0));
  return buildCluster(given as Parameters<typeof buildCluster>[0]);
}

describe.skipIf(files.length === 0)('the sample objects', () => {
  const rows = resourceDefinitions(DEFAULT_SETTINGS);

  test('are all read by the row of their kind', () => {
    const read = objects.flatMap((sample) =>
      rows
        .filter((row) => matches(row, sample))
        .map((row) => {
          const parsed = row.parse(sample.raw);
          expect(parsed.meta.name).toBe(sample.raw.metadata?.name);
          return row.plural;
        }),
    );
    expect(new Set(read)).toEqual(
      new Set(
        rows
          .map((row) => row.plural)
          .filter(
            (plural) =>
              ![
                'cronjobs',
                'configmaps',
                'events',
                'customresourcedefinitions',
                'llminferenceserviceconfigs',
              ].includes(plural),
          ),
      ),
    );
  });

  test('events are read with their times', () => {
    const row = rows.find((candidate) => candidate.id === 'events');
    const list = readSample('eventlist.private-ai.json').raw.items ?? [];
    expect(
      list
        .map((raw) => row?.parse(raw))
        .every((event) => event !== undefined && 'at' in event && event.at !== null),
    ).toBe(true);
  });

  test('of the healthy scene give GO and two replicas on two nodes', () => {
    const cluster = sceneOf(
      objects.filter(({ file }) => !/^(variant|multinode)/.test(file)),
      DEFAULT_SETTINGS,
    );
    const input = {
      settings: DEFAULT_SETTINGS,
      cluster,
      probes: healthyProbes(),
      mode: 'live' as const,
      now: NOW,
      previous: null,
    };
    const checklist = evaluateChecklist({ ...input, metrics: healthyMetrics(), access: healthyAccess() });
    expect(
      checklist.gates
        .filter((gate) => gate.status !== 'pass')
        .map((gate) => [gate.id, gate.status, gate.finding]),
    ).toEqual([
      ['inference-gateway-object', 'warn', expect.stringContaining('Plain HTTP only (no TLS)')],
      ['controllers-newer-than-apis', 'warn', expect.stringContaining('No running controller pod')],
      ['distributed-scheduler', 'warn', expect.stringContaining('it runs on GPU node')],
      [
        'stream-timeouts',
        'warn',
        expect.stringContaining('30 s without data Route mistral-3-int4 ends a stream'),
      ],
      ['engine-configuration', 'warn', expect.stringContaining('--kv-cache-dtype fp8 against not set')],
    ]);
    expect(checklist.verdict).toBe('go');
    const placement = derivePlacement({
      ...input,
      activity: [],
      actions: { deletePod: false, needsToken: false },
    });
    expect(placement.statement).toEqual({
      kind: 'replicas',
      text: '2 replicas, each the whole model, on 2 different g6.4xlarge nodes',
      verdict: 'pass',
      note: null,
    });
  });

  test('of the multi-node scene are data parallel, not shards', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      namespace: 'llm-d-multinode',
      distributedName: 'mistral-3-multinode',
    };
    const cluster = sceneOf(
      objects.filter(({ file }) => !file.startsWith('variant')),
      settings,
    );
    const placement = derivePlacement({
      settings,
      cluster,
      probes: [],
      activity: [],
      mode: 'live',
      now: NOW,
      previous: null,
      actions: { deletePod: false, needsToken: false },
    });
    expect(placement.statement).toEqual({
      kind: 'data-parallel',
      text: '2 groups with 4 data-parallel ranks, each the whole model, on 4 different g6.4xlarge nodes',
      verdict: 'pass',
      note: null,
    });
  });
});
