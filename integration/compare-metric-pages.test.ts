import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import type { Arm } from '@/lib/domain/vocabulary';
import { virtualClock } from '../lab/clock';
import type { ScrapeTarget } from '../lab/parts';
import { HttpApi } from '../lab/prometheus-api/http-api';
import { ScrapeLoop } from '../lab/prometheus-api/scrape-loop';
import { SeriesStore } from '../lab/prometheus-api/series-store';
import { compareOn } from './compare-on-lab';

/**
 * `/metrics` pages of engines and endpoint pickers across the renames (metrics §2.4, §3.2). Those of vLLM 0.10.1 and 0.21, of GIE
 * 1.0 and llm-d-router 0.9 are the samples of the facts, trimmed to what a chart could ask; those between are made from
 * them by the renames alone.
 */
const page = (name: string): string => readFileSync(new URL(`./pages/${name}`, import.meta.url), 'utf8');
const without = (text: string, ...names: string[]): string =>
  text
    .split('\n')
    .filter((line) => !names.some((name) => line.includes(name)))
    .join('\n');

const only = (text: string, name: string): string =>
  text
    .split('\n')
    .filter((line) => line.includes(name))
    .map((line) => `${line}\n`)
    .join('');

const OLD_ITL = 'vllm:time_per_output_token_seconds';
const VLLM_0_10_1 = page('vllm-0.10.1.txt');
const VLLM_0_21 = page('vllm-0.21.txt');
const GIE_1_0 = page('epp-gie-1.0.txt');
const ROUTER_0_9 = page('epp-llm-d-router-0.9.txt');

const PAGES = {
  /** Before 0.9.2 only the `gpu_` names were there. */
  '0.9.1': without(VLLM_0_10_1, 'vllm:kv_cache_usage_perc', 'vllm:prefix_cache'),
  '0.10.1': VLLM_0_10_1,
  /** 0.10.2 has both names of the inter-token latency. */
  '0.10.2': VLLM_0_10_1 + only(VLLM_0_10_1, OLD_ITL).replaceAll(OLD_ITL, 'vllm:inter_token_latency_seconds'),
  '0.21': VLLM_0_21,
} as const;

const PICKERS = {
  'GIE 1.0': GIE_1_0,
  /** 1.1 renamed `inference_model_*` to `inference_objective_*`. */
  'GIE 1.1': GIE_1_0.replaceAll('inference_model_', 'inference_objective_'),
  'llm-d-router 0.9': ROUTER_0_9,
} as const;

/** Cumulative values grow by a hundredth of the sample with each scrape; gauges stay. */
function grown(text: string, scrape: number): string {
  return text.replaceAll(
    /^(\S*(?:_total|_bucket|_count|_sum)(?:\{.*\})?) (\S+)$/gm,
    (_line, series: string, value: string) => `${series} ${Number(value) * (1 + scrape / 100)}`,
  );
}

const POD = {
  baseline: 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk',
  distributed: 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b',
  picker: 'mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr',
};

interface Scraped {
  pod: string;
  /** By the number of the scrape, where the page changes. */
  text: string | ((scrape: number) => string);
  prefix?: 'kserve_';
  job?: string;
}

/** The compare answer after two minutes of scrapes of these pages. */
async function compareOf(pages: readonly Scraped[]): Promise<Compare> {
  const clock = virtualClock(Date.UTC(2025, 11, 29, 14, 20, 1, 337));
  const store = new SeriesStore(3_600_000);
  let scrape = 0;
  const targets = pages.map(
    ({ pod, text, prefix, job }): ScrapeTarget => ({
      labels: { namespace: 'private-ai', pod, job: job ?? 'engines', instance: '10.128.2.1:8000' },
      metricNamePrefix: prefix ?? '',
      fetchPage: async () => grown(typeof text === 'string' ? text : text(scrape), scrape),
    }),
  );
  const loop = new ScrapeLoop({ clock, scrapeIntervalMs: 5_000, targets: () => targets }, store);
  for (; scrape < 24; scrape++) {
    await loop.scrapeOnce();
    await clock.advance(5_000);
  }
  const api = new HttpApi({ clock, store, metadata: () => new Map(), targets: () => [] });
  const server = createServer((request, response) => api.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dashboard = compareOn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await dashboard.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return dashboard.at(clock.nowMs(), '1m', { breakdown: true });
}

/** What each chart found: the family without its source's own words, or why not. */
function foundBy(compare: Compare, arm: Arm): Record<string, string> {
  return Object.fromEntries(
    [...compare.metrics, ...compare.furtherMetrics].flatMap(({ id, arms }) => {
      const series = arms.find((one) => one.arm === arm);
      if (series === undefined || id.startsWith('gpu-') || id.startsWith('kv-transfer')) return [];
      return [
        [id, series.latest === null ? `${series.presence}: ${series.absentBecause}` : (series.family ?? '')],
      ];
    }),
  );
}

/** On the engine's page, of its HTTP server: the KServe monitor renames them too, to `kserve_…` without `vllm:`. */
const SERVER = { 'http-outcomes': 'http_requests_total', 'failed-requests': 'http_requests_total' };
const ENGINE = {
  ttft: 'time_to_first_token_seconds',
  e2e: 'e2e_request_latency_seconds',
  'queue-waiting': 'num_requests_waiting',
  running: 'num_requests_running',
  'generation-throughput': 'generation_tokens_total',
  'request-rate': 'request_success_total',
  'prompt-throughput': 'prompt_tokens_total',
  preemptions: 'num_preemptions_total',
  outcomes: 'request_success_total',
  'queue-time': 'request_queue_time_seconds',
};
const RENAMED: Record<keyof typeof PAGES, Record<string, string>> = {
  '0.9.1': {
    itl: 'time_per_output_token_seconds',
    'kv-cache': 'gpu_cache_usage_perc',
    'prefix-cache-hit-rate': 'gpu_prefix_cache_hits_total',
  },
  '0.10.1': {
    itl: 'time_per_output_token_seconds',
    'kv-cache': 'kv_cache_usage_perc',
    'prefix-cache-hit-rate': 'prefix_cache_hits_total',
  },
  '0.10.2': {
    itl: 'inter_token_latency_seconds',
    'kv-cache': 'kv_cache_usage_perc',
    'prefix-cache-hit-rate': 'prefix_cache_hits_total',
  },
  '0.21': {
    itl: 'inter_token_latency_seconds',
    'kv-cache': 'kv_cache_usage_perc',
    'prefix-cache-hit-rate': 'prefix_cache_hits_total',
  },
};
const VERSIONS = Object.keys(PAGES) as (keyof typeof PAGES)[];

describe.each(VERSIONS)('a page of vLLM %s', (version) => {
  it.each(['', 'kserve_'] as const)('gives every chart its data under the prefix "%s"', async (prefix) => {
    const scraped = { text: PAGES[version], ...(prefix === '' ? {} : { prefix }) };
    const compare = await compareOf([{ pod: POD.baseline, ...scraped }]);
    const expected = Object.entries({ ...ENGINE, ...RENAMED[version] });
    expect(foundBy(compare, 'baseline')).toEqual({
      ...Object.fromEntries(expected.map(([id, name]) => [id, `${prefix}vllm:${name}`])),
      ...Object.fromEntries(Object.entries(SERVER).map(([id, name]) => [id, `${prefix}${name}`])),
    });
  });
});

/** All numbers of an answer, by chart. */
function values(compare: Compare): unknown {
  return [...compare.metrics, ...compare.furtherMetrics].map(({ id, arms }) => [
    id,
    arms.map(({ latest, mean, points, meanPoints, bounds, samples, presence, breakdown }) => ({
      latest,
      mean,
      points,
      meanPoints,
      bounds,
      samples,
      presence,
      parts: breakdown.map((part) => [part.by, part.name, part.latest, part.latestMean, part.points]),
    })),
  ]);
}

describe('pods of two releases, as in a rolling upgrade', () => {
  const other = 'mistral-3-distributed-kserve-6b7c8d9e0f-x2k4p';
  /** The same numbers under the names of later releases. */
  const renamed = without(
    VLLM_0_10_1.replaceAll(OLD_ITL, 'vllm:inter_token_latency_seconds'),
    'vllm:gpu_cache',
    'vllm:gpu_prefix',
  );
  const familyOf = (compare: Compare, id: string): string | null | undefined =>
    compare.metrics.find((metric) => metric.id === id)?.arms.find(({ arm }) => arm === 'distributed')?.family;
  const warningsOf = (compare: Compare): string[] =>
    [...compare.metrics, ...compare.furtherMetrics]
      .flatMap(({ arms }) => arms.flatMap(({ warnings }) => warnings))
      .filter((warning) => warning.includes('export'));

  it('are all read, each under its own name, and none twice', async () => {
    const same = await compareOf([
      { pod: POD.distributed, text: VLLM_0_10_1 },
      { pod: other, text: VLLM_0_10_1 },
    ]);
    const upgrading = await compareOf([
      { pod: POD.distributed, text: VLLM_0_10_1 },
      { pod: other, text: renamed },
    ]);
    const throughBoth = await compareOf([
      { pod: POD.distributed, text: PAGES['0.10.2'] },
      { pod: other, text: renamed },
    ]);
    expect(values(upgrading)).toEqual(values(same));
    expect(values(throughBoth)).toEqual(values(same));
    expect(warningsOf(upgrading)).toEqual([]);
    expect(familyOf(upgrading, 'itl')).toBe(
      'vllm:inter_token_latency_seconds or vllm:time_per_output_token_seconds',
    );
    expect(familyOf(throughBoth, 'itl')).toBe('vllm:inter_token_latency_seconds');
  });

  it('from before 0.9.2 keep their cache use and hits beside newer ones', async () => {
    const old = PAGES['0.9.1'];
    const same = await compareOf([
      { pod: POD.distributed, text: old },
      { pod: other, text: old },
    ]);
    const upgrading = await compareOf([
      { pod: POD.distributed, text: old },
      { pod: other, text: renamed },
    ]);
    expect(values(upgrading)).toEqual(values(same));
    expect(familyOf(upgrading, 'kv-cache')).toBe('vllm:kv_cache_usage_perc or vllm:gpu_cache_usage_perc');
    expect(familyOf(upgrading, 'prefix-cache-hit-rate')).toBe(
      'vllm:prefix_cache_hits_total or vllm:gpu_prefix_cache_hits_total',
    );
  });

  it('of which one is scraped by the renaming monitor only, the other by a plain one too', async () => {
    const same = await compareOf([
      { pod: POD.distributed, text: VLLM_0_10_1 },
      { pod: other, text: VLLM_0_10_1 },
    ]);
    const monitors = await compareOf([
      {
        pod: POD.distributed,
        text: VLLM_0_10_1,
        prefix: 'kserve_',
        job: 'private-ai/kserve-llm-isvc-vllm-engine',
      },
      { pod: other, text: VLLM_0_10_1, prefix: 'kserve_', job: 'private-ai/kserve-llm-isvc-vllm-engine' },
      { pod: other, text: VLLM_0_10_1, job: 'private-ai/kserve-llm-isvc-vllm-engine-default' },
    ]);
    expect(values(monitors)).toEqual(values(same));
  });

  it('that have followed each other in the window make one line', async () => {
    const text = (scrape: number): string => (scrape < 12 ? VLLM_0_10_1 : '');
    const later = (scrape: number): string => (scrape < 12 ? '' : renamed);
    const compare = await compareOf([
      { pod: POD.distributed, text },
      { pod: other, text: later },
    ]);
    const itl = compare.metrics.find(({ id }) => id === 'itl')?.arms[1];
    expect(itl?.presence).toBe('ok');
    expect(itl?.points.filter(([, value]) => value === null)).toEqual([]);
  });
});

describe('a pod under both scrape paths', () => {
  it('is counted once, whichever monitors there are', async () => {
    const text = VLLM_0_21;
    const pod = POD.distributed;
    const once = await compareOf([{ pod, text }]);
    const prefixed = await compareOf([
      { pod, text, job: 'mistral-3-distributed-kserve-workload-svc' },
      { pod, text, prefix: 'kserve_', job: 'private-ai/kserve-llm-isvc-vllm-engine' },
    ]);
    const same = await compareOf([
      { pod, text, job: 'mistral-3-distributed-kserve-workload-svc' },
      { pod, text, job: 'private-ai/kserve-llm-isvc-vllm-engine-default' },
    ]);
    expect(values(prefixed)).toEqual(values(once));
    expect(values(same)).toEqual(values(once));
  });
});

describe.each(Object.keys(PICKERS) as (keyof typeof PICKERS)[])(
  'a page of the endpoint picker, %s',
  (version) => {
    const REQUESTS: Record<keyof typeof PICKERS, string> = {
      'GIE 1.0': 'inference_model_request_total',
      'GIE 1.1': 'inference_objective_request_total',
      'llm-d-router 0.9': 'llm_d_epp_request_total',
    };
    const isRouter = version === 'llm-d-router 0.9';

    it.each(['', 'kserve_'] as const)('gives its charts their data under the prefix "%s"', async (prefix) => {
      const scraped = { text: PICKERS[version], ...(prefix === '' ? {} : { prefix }) };
      const compare = await compareOf([
        { pod: POD.distributed, text: VLLM_0_10_1 },
        { pod: POD.picker, ...scraped },
      ]);
      const found = foundBy(compare, 'distributed');
      expect({
        latency: found['picker-latency'],
        queue: found['picker-queue'],
        requests: found['picker-requests'],
      }).toEqual({
        latency: `${prefix}${isRouter ? 'llm_d_epp' : 'inference_extension'}_scheduler_e2e_duration_seconds`,
        queue: `${prefix}${isRouter ? 'llm_d_epp_average_queue_size' : 'inference_pool_average_queue_size'}`,
        requests: `${prefix}${REQUESTS[version]}`,
      });
    });
  },
);

describe('what is not there is told by name', () => {
  it('lists every name that was tried, and what usually keeps it away', async () => {
    const text = without(VLLM_0_10_1, 'time_per_output_token');
    const compare = await compareOf([{ pod: POD.distributed, text }]);
    const found = foundBy(compare, 'distributed');
    expect(found.itl).toBe(
      'not-scraped: None of these series exists: vllm:inter_token_latency_seconds_count, vllm:time_per_output_token_seconds_count, kserve_vllm:inter_token_latency_seconds_count, kserve_vllm:time_per_output_token_seconds_count.',
    );
    expect(found['picker-queue']).toBe(
      'not-scraped: None of these series exists: llm_d_epp_average_queue_size, inference_pool_average_queue_size, kserve_llm_d_epp_average_queue_size, kserve_inference_pool_average_queue_size. The endpoint picker is not scraped, or there is none.',
    );
    const gpu = compare.furtherMetrics.find(({ id }) => id === 'gpu-power')?.arms[1];
    expect(gpu?.absentBecause).toBe(
      'None of these series exists: DCGM_FI_DEV_POWER_USAGE. The GPU exporter is not scraped, or its series may not be read here (the tenancy port shows none).',
    );
    const transfer = compare.furtherMetrics.find(({ id }) => id === 'kv-transfer-time')?.arms[1];
    expect(transfer?.absentBecause).toContain('Only engines that split prefill and decode have them.');
  });

  it('names the pods of an arm that lack what the others have', async () => {
    const other = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';
    const compare = await compareOf([
      { pod: POD.distributed, text: VLLM_0_10_1 },
      { pod: other, text: without(VLLM_0_10_1, 'num_preemptions') },
    ]);
    const preemptions = compare.furtherMetrics.find(({ id }) => id === 'preemptions');
    expect(preemptions?.arms.find(({ arm }) => arm === 'distributed')?.warnings).toContain(
      `${other} does not export vllm:num_preemptions_total.`,
    );
  });

  it('warns where pods count in other buckets', async () => {
    const other = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';
    const custom = without(VLLM_0_10_1, 'le="0.02"', 'le="0.75"');
    const compare = await compareOf([
      { pod: POD.distributed, text: VLLM_0_10_1 },
      { pod: other, text: custom },
    ]);
    const ttft = compare.metrics.find(({ id }) => id === 'ttft');
    expect(ttft?.arms.find(({ arm }) => arm === 'distributed')?.warnings).toContain(
      'The pods’ buckets have different edges: the percentile is not reliable.',
    );
  });
});
