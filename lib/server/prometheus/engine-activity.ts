import 'server-only';
import { METRIC_PREFIXES } from '@/lib/domain/metrics-table';
import type { EngineActivity, GpuActivity } from '@/lib/domain/placement';
import { ARMS, type UnixMs } from '@/lib/domain/vocabulary';
import type { PrometheusClient } from './client';
import { gpuSelectors } from './further-sources';
import type { PrometheusProblem } from './problem';
import { type ArmSelector, matchers, promDuration } from './queries';
import { joined, type Survey } from './survey';
import { rateWindowSeconds } from './time-grid';
import { toIso, toNumber } from './to-series';
import type { WireQueryData } from './wire';

const GAUGES =
  '(kserve_)?vllm:(num_requests_running|num_requests_waiting|kv_cache_usage_perc|gpu_cache_usage_perc)';

/** The gauges of all engines of both arms at once; a second monitor of the same pod changes nothing. */
export function gaugesQuery(selector: string): string {
  return `max by (__name__, pod, engine) ({__name__=~"${GAUGES}",${selector}})`;
}

/** Output tokens per second and pod under either prefix: `or` takes the second only for pods without the first. */
export function tokenRateQuery(selector: string, windowSeconds: number): string {
  return METRIC_PREFIXES.map(
    (prefix) =>
      `sum by (pod) (max by (pod, engine) (rate(${prefix}generation_tokens_total{${selector}}[${promDuration(windowSeconds)}])))`,
  ).join(' or ');
}

/**
 * Utilisation and memory of the GPUs that the pods hold, whichever way the exporter's series are labelled (metrics §4), and when
 * they were sampled: what has no name.
 */
export function gpusQuery(selector: ArmSelector): string {
  const fields = '(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)';
  return gpuSelectors(selector)
    .flatMap((own) => {
      const { pod, within } = own.labels;
      // Slices of one GPU (MIG) have memory of their own.
      const labels = ['__name__', pod, ...within, 'GPU_I_ID'].join(', ');
      return [
        `max by (${labels}) ({__name__=~"DCGM_FI_DEV_${fields}",${matchers(own)}})`,
        `max by (${pod}) (timestamp(DCGM_FI_DEV_GPU_UTIL{${matchers(own)}}))`,
      ];
    })
    .join(' or ');
}

export type ActivityResult =
  | { ok: true; activity: EngineActivity[] }
  | { ok: false; problem: PrometheusProblem };

/** What each engine of both arms does now. */
export async function readEngineActivity(
  client: PrometheusClient,
  survey: Survey,
  now: UnixMs,
  signal?: AbortSignal,
): Promise<ActivityResult> {
  const { baseline, distributed } = survey.arms;
  const both = joined({ baseline: baseline.selector, distributed: distributed.selector });
  const selector = matchers(both);
  const intervals = ARMS.flatMap((arm) => survey.arms[arm].scrapeIntervalSeconds ?? []);
  const window = rateWindowSeconds(intervals.length === 0 ? null : Math.max(...intervals), 1);
  const promql = gaugesQuery(selector);
  const gpuPromql = gpusQuery(both);
  const [gauges, rates, gpus] = await Promise.all([
    client.query(promql, now / 1000, signal),
    client.query(tokenRateQuery(selector, window), now / 1000, signal),
    client.query(gpuPromql, now / 1000, signal),
  ]);
  if (!gauges.ok) return gauges;
  if (!rates.ok) return rates;
  const tokensPerSecond = new Map(toSamples(rates.value).map(({ pod, value }) => [pod, value]));
  const samples = toSamples(gauges.value);
  // Another exporter, often not to be had: the engines' own state does not wait for it.
  const gpuSamples = gpus.ok ? toGpuSamples(gpus.value) : [];
  const activity = ARMS.flatMap((arm) => survey.arms[arm].pods.map((pod) => ({ pod, arm }))).map(
    ({ pod, arm }) => {
      const own = samples.filter((sample) => sample.pod === pod);
      const sampledAt = survey.arms[arm].newestSampleByPod.get(pod);
      return {
        pod,
        running: total(own, 'num_requests_running'),
        waiting: total(own, 'num_requests_waiting'),
        kvCacheUsageRatio: highest(own, 'kv_cache_usage_perc') ?? highest(own, 'gpu_cache_usage_perc'),
        tokensPerSecond: tokensPerSecond.get(pod) ?? null,
        sampledAt: sampledAt === undefined ? null : toIso(sampledAt / 1000),
        promql,
        gpu: toGpuActivity(
          gpuSamples.filter((sample) => sample.pod === pod),
          gpuPromql,
        ),
      };
    },
  );
  return { ok: true, activity };
}

interface EngineSample {
  /** Without prefix. */
  name: string;
  engine: string;
  pod: string;
  value: number;
}

function toSamples(data: WireQueryData): EngineSample[] {
  if (data.resultType !== 'vector') return [];
  return data.result.flatMap(({ metric, value }) => {
    const number = value === undefined ? null : toNumber(value[1]);
    if (metric.pod === undefined || number === null) return [];
    const name = (metric.__name__ ?? '').replace(/^(kserve_)?vllm:/, '');
    return [{ name, engine: metric.engine ?? '', pod: metric.pod, value: number }];
  });
}

/** The same engine may be there under both prefixes: its larger value, then added over the pod's engines. */
function total(samples: readonly EngineSample[], name: string): number | null {
  const byEngine = new Map<string, number>();
  for (const { engine, value } of samples.filter((sample) => sample.name === name)) {
    byEngine.set(engine, Math.max(value, byEngine.get(engine) ?? value));
  }
  return byEngine.size === 0 ? null : [...byEngine.values()].reduce((sum, value) => sum + value, 0);
}

function highest(samples: readonly EngineSample[], name: string): number | null {
  const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
  return values.length === 0 ? null : Math.max(...values);
}

const BYTES_PER_MIB = 1_048_576;
/** Total memory is not in the exporter's default list: it is the sum of these (metrics §4). */
const MEMORY_PARTS = ['FB_USED', 'FB_FREE', 'FB_RESERVED'];

interface GpuSample {
  pod: string;
  /** Without `DCGM_FI_DEV_`; `sampled`: the Unix seconds of the sample. */
  field: string;
  value: number;
}

function toGpuSamples(data: WireQueryData): GpuSample[] {
  if (data.resultType !== 'vector') return [];
  return data.result.flatMap(({ metric, value }) => {
    const number = value === undefined ? null : toNumber(value[1]);
    const pod = metric.exported_pod ?? metric.pod;
    if (pod === undefined || number === null) return [];
    if (metric.__name__ === undefined) return [{ pod, field: 'sampled', value: number }];
    const [, field] = /^DCGM_FI_DEV_(.+)$/.exec(metric.__name__) ?? [];
    return field === undefined ? [] : [{ pod, field, value: number }];
  });
}

/** Of all GPUs of one pod; `null` where the exporter has no series of it. */
function toGpuActivity(own: readonly GpuSample[], promql: string): GpuActivity | null {
  if (own.length === 0) return null;
  const values = (fields: readonly string[]): number[] =>
    own.filter(({ field }) => fields.includes(field)).map(({ value }) => value);
  const utilization = values(['GPU_UTIL']);
  const used = values(['FB_USED']);
  const [sampledSeconds] = values(['sampled']);
  const bytes = (mebibytes: readonly number[]): number =>
    mebibytes.reduce((sum, value) => sum + value, 0) * BYTES_PER_MIB;
  return {
    utilizationRatio: utilization.length === 0 ? null : Math.max(...utilization) / 100,
    memoryUsedBytes: used.length === 0 ? null : bytes(used),
    memoryTotalBytes: values(['FB_FREE']).length === 0 ? null : bytes(values(MEMORY_PARTS)),
    sampledAt: sampledSeconds === undefined ? null : toIso(sampledSeconds),
    promql,
  };
}
