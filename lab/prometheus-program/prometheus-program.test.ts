import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScrapeTarget } from '../parts.ts';
import {
  choosePrometheus,
  configurationOf,
  majorReleaseOf,
  startPrometheusProgram,
} from './prometheus-program.ts';
import { startTargetServer } from './target-server.ts';

const TARGETS: ScrapeTarget[] = [
  {
    labels: { job: 'mistral-3-int4-metrics', instance: '10.0.0.1:8080' },
    metricNamePrefix: '',
    fetchPage: async () => 'vllm:up_ness 1\n',
  },
  {
    labels: { job: 'private-ai/kserve-llm-isvc-vllm-engine', instance: '10.0.0.2:8000' },
    metricNamePrefix: 'kserve_',
    fetchPage: async () => 'vllm:up_ness 2\n',
  },
  {
    labels: { job: 'loading', instance: '10.0.0.3:8000' },
    metricNamePrefix: '',
    fetchPage: () => Promise.reject(new Error('connection refused')),
  },
];

test('targets are listed by prefix, each with a page of its own; one that refuses breaks the connection', async () => {
  const server = await startTargetServer(() => TARGETS);
  const base = `http://127.0.0.1:${server.port}`;
  const list = async (prefix: string): Promise<{ targets: string[]; labels: Record<string, string> }[]> =>
    (await fetch(`${base}/targets?prefix=${prefix}`)).json();
  const plain = await list('');
  expect(plain.map(({ labels }) => labels.job)).toEqual(['mistral-3-int4-metrics', 'loading']);
  expect((await list('kserve_')).map(({ labels }) => labels.job)).toEqual([
    'private-ai/kserve-llm-isvc-vllm-engine',
  ]);
  expect(await (await fetch(base + plain[0]?.labels.__metrics_path__)).text()).toBe('vllm:up_ness 1\n');
  await expect(fetch(base + plain[1]?.labels.__metrics_path__)).rejects.toThrow();
  expect((await fetch(`${base}/page/unknown`)).status).toBe(404);
  await server.stop();
});

test('renaming and honoring labels are a matter of the job', () => {
  expect(JSON.parse(configurationOf(1234, 15_000))).toMatchObject({
    global: { scrape_interval: '15000ms', scrape_timeout: '10000ms' },
    scrape_configs: [
      { job_name: 'plain', http_sd_configs: [{ url: 'http://127.0.0.1:1234/targets?prefix=' }] },
      {
        job_name: 'kserve',
        metric_relabel_configs: [
          { source_labels: ['__name__'], target_label: '__name__', replacement: 'kserve_$1' },
        ],
      },
      { job_name: 'honored', honor_labels: true },
    ],
  });
});

test('a choice is embedded, a program that is one, or wrong', async () => {
  expect(await choosePrometheus('embedded')).toEqual({ type: 'embedded' });
  expect(await choosePrometheus('/nowhere/prometheus')).toEqual({
    type: 'wrong',
    message: '--prometheus /nowhere/prometheus: this is no prometheus program',
  });
  expect(await choosePrometheus('cat')).toMatchObject({ type: 'wrong' });
});

const isInstalled = (await majorReleaseOf('prometheus')) !== null;

describe.skipIf(!isInstalled)('with a prometheus program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-prometheus-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('it scrapes the lab under the target’s labels, renames where it must, and leaves nothing behind', async () => {
    // The second visit to a page proves that the samples of the first are stored.
    const visits = new Map<string, number>();
    let tell = (): void => {};
    const visitedTwice = new Promise<void>((resolve) => {
      tell = () => {
        if ([...visits.values()].filter((count) => count >= 2).length >= 2) resolve();
      };
    });
    const targets = TARGETS.map((target) => ({
      ...target,
      fetchPage: async () => {
        const page = await target.fetchPage();
        visits.set(page, (visits.get(page) ?? 0) + 1);
        tell();
        return page;
      },
    }));
    const program = await startPrometheusProgram({
      path: 'prometheus',
      folder,
      port: 0,
      scrapeIntervalMs: 200,
      targets: () => targets,
    });
    try {
      const query = async (
        expression: string,
      ): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
        const response = await fetch(`${program.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
        return ((await response.json()) as { data: { result: [] } }).data.result;
      };
      await visitedTwice;
      const series = await query('{__name__=~"(kserve_)?vllm:up_ness"}');
      expect(
        series
          .map(({ metric, value }) => [metric.__name__, metric.job, metric.instance, value[1]])
          .toSorted(),
      ).toEqual([
        ['kserve_vllm:up_ness', 'private-ai/kserve-llm-isvc-vllm-engine', '10.0.0.2:8000', '2'],
        ['vllm:up_ness', 'mistral-3-int4-metrics', '10.0.0.1:8080', '1'],
      ]);
    } finally {
      await program.stop();
    }
    expect(readdirSync(folder)).toEqual([]);
  }, 30_000);
});
