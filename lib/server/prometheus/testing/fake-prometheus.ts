import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import { createPrometheusClient, type PrometheusClient } from '@/lib/server/prometheus/client';
import { startHttpServer } from '@/lib/server/testing/http-server';

export const INT4_POD = 'mistral-3-int4-predictor-6d5f4c-aaaaa';
export const LLMD_PODS = [
  'mistral-3-distributed-kserve-7f9c-bbbbb',
  'mistral-3-distributed-kserve-7f9c-ccccc',
];
export const SETTINGS = DEFAULT_SETTINGS;

/** The names an engine of vLLM 0.10.1 exports, as far as we look for them (metrics §2.3). */
export const NAMES_0_10 = [
  'e2e_request_latency_seconds_count',
  'generation_tokens_total',
  'gpu_cache_usage_perc',
  'gpu_prefix_cache_hits_total',
  'kv_cache_usage_perc',
  'num_requests_running',
  'num_requests_waiting',
  'prefix_cache_hits_total',
  'request_generation_tokens_count',
  'request_prompt_tokens_count',
  'request_success_total',
  'time_per_output_token_seconds_count',
  'time_to_first_token_seconds_count',
];

export interface FakeTarget {
  pod: string;
  job?: string;
  prefix?: 'vllm:' | 'kserve_vllm:';
  names?: readonly string[];
  /** Whether its series live now; samples before stay in the raw data. */
  isLive?: boolean;
  isUp?: boolean;
  /** Age of its newest sample. */
  sampleAgeSeconds?: number;
  /** Age of its oldest sample; since ever where none is given. */
  scrapedForSeconds?: number;
  engine?: string;
  /** Gauges now, by name without prefix. */
  gauges?: Record<string, number>;
  tokensPerSecond?: number;
  /** Labels of cache_config_info. */
  config?: Record<string, string>;
}

/** What the fake Prometheus knows. Mutable: a test changes it and asks again. */
export interface FakeWorld {
  targets: FakeTarget[];
  scrapeSeconds: number;
  /** The one number of an aggregated instant query; `null` for an empty vector. */
  value: (promql: string) => number | string | null;
  /** The curve of an aggregated range query at a time. */
  curve: (promql: string, unixSeconds: number) => number | string | null;
  /** Cumulative bucket rates. */
  buckets: Record<string, number>;
  warnings: string[];
  version: string | null;
  /** When set, everything is answered with this status and a foreign body. */
  failing: number | null;
}

export function aWorld(overrides: Partial<FakeWorld> = {}): FakeWorld {
  return {
    targets: [{ pod: INT4_POD }, ...LLMD_PODS.map((pod) => ({ pod }))],
    scrapeSeconds: 5,
    value: () => 100,
    curve: () => 1,
    buckets: { '0.5': 2, '1.0': 10, '+Inf': 10 },
    warnings: [],
    version: '2.42.0',
    failing: null,
    ...overrides,
  };
}

export interface FakePrometheus {
  client: PrometheusClient;
  url: URL;
  /** Every query asked, oldest first; the members of a batch one by one. */
  asked: string[];
  /** The path of every request made. */
  requests: string[];
  close(): Promise<void>;
}

/** A real HTTP server with the answers of a scripted Prometheus: shapes only, no PromQL is evaluated. */
export async function startFakePrometheus(world: FakeWorld, clock: Clock): Promise<FakePrometheus> {
  const asked: string[] = [];
  const requests: string[] = [];
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const server = await startHttpServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://prometheus.test');
    const promql = url.searchParams.get('query') ?? '';
    const members = membersOf(promql);
    asked.push(...(members ?? [promql]));
    requests.push(url.pathname);
    const data = world.failing === null ? answerAll(world, url, promql, members, clock.now()) : null;
    if (data === null) {
      response.writeHead(world.failing ?? 404, { 'content-type': 'text/html' }).end('<html>foreign</html>');
      return;
    }
    const envelope = { status: 'success', data, warnings: world.warnings };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(envelope));
  });
  const client = createPrometheusClient({
    baseUrl: server.url,
    dispatcher: () => agent,
    readToken: async () => null,
    tenancyNamespace: null,
    clock,
  });
  return { client, url: server.url, asked, requests, close: server.close };
}

/** The queries that were asked together (query-batch.ts), or `null` for a single one. */
function membersOf(promql: string): string[] | null {
  const members = [...promql.matchAll(/label_replace\((.*?), "asked", "\d+", "asked", "\.\*"\)/g)];
  return members.length === 0 ? null : members.map(([, member]) => member ?? '');
}

function answerAll(
  world: FakeWorld,
  url: URL,
  promql: string,
  members: readonly string[] | null,
  now: UnixMs,
): unknown {
  if (members === null) return answer(world, url, promql, now);
  const answers = members.map((member, index) => {
    const data = answer(world, url, member, now) as {
      resultType: string;
      result: { metric: Record<string, string> }[];
    };
    const result = data.result.map((one) => ({ ...one, metric: { ...one.metric, asked: String(index) } }));
    return { ...data, result };
  });
  return { resultType: answers[0]?.resultType, result: answers.flatMap(({ result }) => result) };
}

/** How the newest sample of each pod is asked for. */
const SAMPLE_TIMES = 'max by (pod) (timestamp(';

function answer(world: FakeWorld, url: URL, promql: string, now: UnixMs): unknown {
  switch (url.pathname) {
    case '/api/v1/status/buildinfo':
      return world.version === null ? null : { version: world.version };
    case '/api/v1/query_range':
      return promql.startsWith(SAMPLE_TIMES) ? sampleTimes(world, url, now) : matrix(world, url, promql);
    default:
      return instant(world, promql, now);
  }
}

function instant(world: FakeWorld, promql: string, now: UnixMs): unknown {
  const live = world.targets.filter(({ isLive }) => isLive !== false);
  const vector = (result: { metric: Record<string, string>; value: number | string }[]) => ({
    resultType: 'vector',
    result: result.map(({ metric, value }) => ({ metric, value: [now / 1000, String(value)] })),
  });
  if (promql.startsWith('count by (__name__')) {
    const there = promql.includes('last_over_time') ? world.targets : live;
    return vector(there.flatMap((target) => labelsOf(target).map((metric) => ({ metric, value: 1 }))));
  }
  if (promql.endsWith('[5m]')) return { resultType: 'matrix', result: rawSamples(world, now) };
  if (promql.startsWith('max by (pod) (up')) {
    return vector(world.targets.map(({ pod, isUp }) => ({ metric: { pod }, value: isUp === false ? 0 : 1 })));
  }
  if (promql.startsWith('max by (__name__')) {
    return vector(
      live.flatMap(({ pod, prefix, engine, gauges }) =>
        Object.entries(gauges ?? {}).map(([name, value]) => ({
          metric: { __name__: `${prefix ?? 'vllm:'}${name}`, pod, engine: engine ?? '0' },
          value,
        })),
      ),
    );
  }
  if (promql.startsWith('sum by (pod)')) {
    return vector(
      live.flatMap(({ pod, tokensPerSecond }) =>
        tokensPerSecond === undefined ? [] : [{ metric: { pod }, value: tokensPerSecond }],
      ),
    );
  }
  if (promql.includes('cache_config_info')) {
    return vector(
      live.flatMap(({ pod, config }) =>
        config === undefined ? [] : [{ metric: { ...config, pod, engine: '0' }, value: 1 }],
      ),
    );
  }
  if (promql.startsWith('count by (le)')) {
    return vector(Object.keys(world.buckets).map((le) => ({ metric: { le }, value: 1 })));
  }
  if (promql.startsWith('sum by (le)')) {
    return vector(Object.entries(world.buckets).map(([le, value]) => ({ metric: { le }, value })));
  }
  const value = world.value(promql);
  return vector(value === null ? [] : [{ metric: {}, value }]);
}

function labelsOf({ pod, job, prefix, names }: FakeTarget): Record<string, string>[] {
  return (names ?? NAMES_0_10).map((name) => ({
    __name__: `${prefix ?? 'vllm:'}${name}`,
    job: job ?? 'engines',
    pod,
  }));
}

function rawSamples(world: FakeWorld, now: UnixMs): unknown[] {
  return world.targets.map(({ pod, job, prefix, sampleAgeSeconds }) => ({
    metric: { __name__: `${prefix ?? 'vllm:'}num_requests_running`, job: job ?? 'engines', pod },
    values: [4, 3, 2, 1, 0].map((scrapesAgo) => [
      now / 1000 - (sampleAgeSeconds ?? 1) - scrapesAgo * world.scrapeSeconds,
      '0',
    ]),
  }));
}

/** Scraped without a gap; where a target is down its series has ended. */
function sampleTimes(world: FakeWorld, url: URL, now: UnixMs): unknown {
  const parameter = (name: string) => Number(url.searchParams.get(name));
  const result = world.targets.map((target) => {
    const newest = now / 1000 - (target.sampleAgeSeconds ?? 1);
    const values: [number, string][] = [];
    for (let time = parameter('start'); time <= parameter('end'); time += parameter('step')) {
      if (time > newest + world.scrapeSeconds && target.isLive === false) continue;
      const scrapes = Math.max(0, Math.ceil((newest - time) / world.scrapeSeconds));
      const sampled = newest - scrapes * world.scrapeSeconds;
      if (sampled >= now / 1000 - (target.scrapedForSeconds ?? Number.POSITIVE_INFINITY)) {
        values.push([time, String(sampled)]);
      }
    }
    return { metric: { pod: target.pod }, values };
  });
  return { resultType: 'matrix', result: result.filter(({ values }) => values.length > 0) };
}

function matrix(world: FakeWorld, url: URL, promql: string): unknown {
  const parameter = (name: string) => Number(url.searchParams.get(name));
  const values: [number, string][] = [];
  for (let time = parameter('start'); time <= parameter('end'); time += parameter('step')) {
    const value = world.curve(promql, time);
    if (value !== null) values.push([time, String(value)]);
  }
  return { resultType: 'matrix', result: values.length === 0 ? [] : [{ metric: {}, values }] };
}
