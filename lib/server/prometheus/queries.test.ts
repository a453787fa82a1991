import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { METRICS } from '@/lib/domain/metrics-table';
import { ALL_METRICS } from '@/lib/domain/metrics-table-further';
import { gaugesQuery, tokenRateQuery } from './engine-activity';
import { engineConfigQuery } from './engine-config';
import { escapeLabelValue, escapePattern } from './label-matcher';
import {
  bucketsQuery,
  curveQuery,
  edgesQuery,
  histogramMeanQuery,
  increaseQuery,
  matchers,
  promDuration,
  unseenQuery,
} from './queries';
import { unresolvedMetric } from './resolve-metric';
import { discoveryQuery, rawSamplesQuery, windowDiscoveryQuery } from './survey';

const SELECTOR = { namespace: 'private-ai', podPattern: 'mistral-3-int4-predictor-.+' };
const S = 'namespace="private-ai",pod=~"mistral-3-int4-predictor-.+"';

function isPromql(text: string): boolean {
  let hasError = false;
  parser.parse(text).iterate({
    enter: (node) => {
      hasError ||= node.type.isError;
    },
  });
  return !hasError;
}

describe('the expression behind each curve', () => {
  it('is written out for every metric', () => {
    const curves = METRICS.map((row) => [row.id, curveQuery(unresolvedMetric(row), SELECTOR, 95, 120)]);
    const short = curves.map(([id, promql]) => [id, promql?.replaceAll(S, 'S')]);
    expect(Object.fromEntries(short)).toMatchInlineSnapshot(`
      {
        "e2e": "histogram_quantile(0.95, sum by (le) (max by (pod, engine, le) (rate(vllm:e2e_request_latency_seconds_bucket{S}[2m]))))",
        "generation-throughput": "sum(max by (pod, engine) (rate(vllm:generation_tokens_total{S}[2m])))",
        "itl": "histogram_quantile(0.95, sum by (le) (max by (pod, engine, le) (rate(vllm:inter_token_latency_seconds_bucket{S}[2m]))))",
        "kv-cache": "max(vllm:kv_cache_usage_perc{S})",
        "prefix-cache-hit-rate": "sum(max by (pod, engine) (rate(vllm:prefix_cache_hits_total{S}[2m]))) / (sum(max by (pod, engine) (rate(vllm:prefix_cache_queries_total{S}[2m]))) > 0)",
        "queue-waiting": "sum(max by (pod, engine) (vllm:num_requests_waiting{S}))",
        "request-rate": "sum(max by (pod, engine, finished_reason) (rate(vllm:request_success_total{S}[2m])))",
        "running": "sum(max by (pod, engine) (vllm:num_requests_running{S}))",
        "ttft": "histogram_quantile(0.95, sum by (le) (max by (pod, engine, le) (rate(vllm:time_to_first_token_seconds_bucket{S}[2m]))))",
      }
    `);
  });

  it('is PromQL by the official grammar, as is everything else that is asked', () => {
    const texts = [
      ...ALL_METRICS.map((row) => curveQuery(unresolvedMetric(row), SELECTOR, 99, 20)),
      bucketsQuery(['vllm:x', 'vllm:y'], SELECTOR, 20),
      histogramMeanQuery(['kserve_vllm:x', 'vllm:x'], SELECTOR, 21_600),
      increaseQuery({ series: ['vllm:x_total'], splitBy: ['finished_reason'] }, SELECTOR, 300),
      unseenQuery({ series: ['x_total', 'y_total'], only: 'status!="2xx"' }, SELECTOR, 300),
      edgesQuery(['vllm:x', 'vllm:y'], SELECTOR),
      windowDiscoveryQuery(SELECTOR, 300),
      discoveryQuery(SELECTOR),
      rawSamplesQuery(SELECTOR),
      engineConfigQuery(SELECTOR),
      gaugesQuery(matchers(SELECTOR)),
      tokenRateQuery(matchers(SELECTOR), 20),
    ];
    expect(texts.filter((text) => !isPromql(text))).toEqual([]);
  });

  it('never sums or averages per-pod percentiles: buckets are added first', () => {
    expect(curveQuery({ kind: 'histogram', series: ['vllm:x'] }, SELECTOR, 50, 20)).toBe(
      `histogram_quantile(0.5, sum by (le) (max by (pod, engine, le) (rate(vllm:x_bucket{${S}}[20s]))))`,
    );
  });
});

describe('pods of two releases side by side', () => {
  const short = (promql: string): string => promql.replaceAll(S, 'S');

  it('are each read under the first name that they have, and added once', () => {
    const itl = {
      kind: 'histogram',
      series: ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'],
    } as const;
    expect(short(curveQuery(itl, SELECTOR, 95, 20))).toBe(
      'histogram_quantile(0.95, sum by (le) (max by (pod, engine, le) (rate(vllm:inter_token_latency_seconds_bucket{S}[20s])) or max by (pod, engine, le) (rate(vllm:time_per_output_token_seconds_bucket{S}[20s]))))',
    );
    expect(short(histogramMeanQuery(itl.series, SELECTOR, 20, 'pod'))).toBe(
      'sum by (pod) (max by (pod, engine) (rate(vllm:inter_token_latency_seconds_sum{S}[20s])) or max by (pod, engine) (rate(vllm:time_per_output_token_seconds_sum{S}[20s]))) / sum by (pod) (max by (pod, engine) (rate(vllm:inter_token_latency_seconds_count{S}[20s])) or max by (pod, engine) (rate(vllm:time_per_output_token_seconds_count{S}[20s])))',
    );
    const cache = {
      kind: 'gauge',
      series: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
      acrossPods: 'max',
      scale: 1,
    } as const;
    expect(short(curveQuery(cache, SELECTOR, 95, 20))).toBe(
      'max(max by (pod, engine) (vllm:kv_cache_usage_perc{S}) or max by (pod, engine) (vllm:gpu_cache_usage_perc{S}))',
    );
  });
});

describe('series that begin with their first event', () => {
  const failed = {
    kind: 'counter',
    series: ['http_requests_total'],
    splitBy: ['status'],
    only: 'status!="2xx"',
    outOf: 'method="POST"',
  } as const;
  const short = (promql: string): string => promql.replaceAll(S, 'S');

  it('count as zero while others of their kind are there, whole or by pod, and never by status', () => {
    const sum = (which: string, by = ''): string =>
      `sum${by}(max by (pod, engine, status) (rate(http_requests_total{S,${which}}[20s])))`;
    expect(short(curveQuery(failed, SELECTOR, 95, 20))).toBe(
      `${sum('status!="2xx"')} or ${sum('method="POST"')} * 0`,
    );
    expect(short(curveQuery(failed, SELECTOR, 95, 20, 'pod'))).toBe(
      `${sum('status!="2xx"', ' by (pod) ')} or ${sum('method="POST"', ' by (pod) ')} * 0`,
    );
    expect(short(curveQuery(failed, SELECTOR, 95, 20, { label: 'status' }))).toBe(
      sum('status!="2xx"', ' by (status) '),
    );
  });
});

describe('values inside a query', () => {
  it.each(['"} or vector(1)', '\\"} or vector(1) #', 'a\nb', '\\'])(
    'keeps %j inside its label value',
    (value) => {
      const text = `up{${matchers({ namespace: value, podPattern: value })}}`;
      expect(isPromql(text)).toBe(true);
      expect(text.match(/vector/g)?.length ?? 0).toBe((value.match(/vector/g)?.length ?? 0) * 2);
      const selectors = { vector: 0, call: 0 };
      parser.parse(text).iterate({
        enter: ({ name }) => {
          if (name === 'VectorSelector') selectors.vector += 1;
          if (name === 'FunctionCall') selectors.call += 1;
        },
      });
      expect(selectors).toEqual({ vector: 1, call: 0 });
    },
  );

  it('escapes names for patterns and texts', () => {
    expect(escapePattern('llama-3.1(8b)')).toBe('llama-3\\.1\\(8b\\)');
    expect(escapeLabelValue('llama-3\\.1')).toBe('llama-3\\\\.1');
  });

  it.each([
    [20, '20s'],
    [90, '90s'],
    [120, '2m'],
    [21_600, '6h'],
  ])('writes %i seconds as %s', (seconds, text) => {
    expect(promDuration(seconds)).toBe(text);
  });
});
