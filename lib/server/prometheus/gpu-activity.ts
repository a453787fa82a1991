import 'server-only';
import type { GpuActivity } from '@/lib/domain/placement';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { PrometheusClient } from './client';
import { toIso, toNumber } from './to-series';
import type { WireQueryData } from './wire';

const FIELDS = 'DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)';
const BYTES_PER_MIB = 1024 * 1024;

/**
 * The DCGM exporter's figures for the workloads of a namespace. Where target labels win the workload is in `exported_…`,
 * with honorLabels it is plain (metrics §4). The exporter's own namespace never is the demo's.
 */
export function gpuQuery(namespace: string): string {
  const name = `__name__=~"${FIELDS}"`;
  const value = JSON.stringify(namespace);
  return `{${name},exported_namespace=${value}} or {${name},namespace=${value}}`;
}

/** When each was sampled: an instant query answers with its own time. */
export function gpuTimeQuery(namespace: string): string {
  const value = JSON.stringify(namespace);
  const util = 'DCGM_FI_DEV_GPU_UTIL';
  return `timestamp(${util}{exported_namespace=${value}}) or timestamp(${util}{namespace=${value}})`;
}

/**
 * What the GPUs of each pod do, by pod name. Empty where there are no such series, as on the tenancy port, or where the
 * question fails: GPUs are an extra beside the engines' own figures, never a reason to hold those back.
 */
export async function readGpuActivity(
  client: PrometheusClient,
  namespace: string,
  now: UnixMs,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, GpuActivity>> {
  const promql = gpuQuery(namespace);
  const [figures, times] = await Promise.all([
    client.query(promql, now / 1000, signal),
    client.query(gpuTimeQuery(namespace), now / 1000, signal),
  ]);
  if (!figures.ok) return new Map();
  return toGpuActivity(figures.value, times.ok ? times.value : null, promql);
}

/** Utilisation of the busiest GPU of a pod; memory of all of them together. */
export function toGpuActivity(
  figures: WireQueryData,
  times: WireQueryData | null,
  promql: string,
): ReadonlyMap<string, GpuActivity> {
  const samples = toSamples(figures);
  const sampledAt = new Map(toSamples(times).map(({ pod, value }) => [pod, toIso(value)]));
  const pods = new Set(samples.map(({ pod }) => pod));
  return new Map(
    [...pods].map((pod): [string, GpuActivity] => {
      const of = (field: string): number[] =>
        samples.flatMap((sample) => (sample.pod === pod && sample.name.endsWith(field) ? sample.value : []));
      const utilization = of('GPU_UTIL');
      const used = of('FB_USED');
      const free = of('FB_FREE');
      const total = [...used, ...free, ...of('FB_RESERVED')];
      return [
        pod,
        {
          utilizationRatio: utilization.length === 0 ? null : Math.max(...utilization) / 100,
          memoryUsedBytes: used.length === 0 ? null : sum(used) * BYTES_PER_MIB,
          memoryTotalBytes: used.length === 0 || free.length === 0 ? null : sum(total) * BYTES_PER_MIB,
          sampledAt: sampledAt.get(pod) ?? null,
          promql,
        },
      ];
    }),
  );
}

interface GpuSample {
  name: string;
  pod: string;
  value: number;
}

/** One per figure and GPU: several exporters or rules may tell of the same one. */
function toSamples(data: WireQueryData | null): GpuSample[] {
  if (data?.resultType !== 'vector') return [];
  const byGpu = new Map<string, GpuSample>();
  for (const { metric, value } of data.result) {
    const number = value === undefined ? null : toNumber(value[1]);
    const pod = metric.exported_pod ?? metric.pod;
    if (pod === undefined || pod === '' || number === null) continue;
    const name = metric.__name__ ?? '';
    const gpu = metric.UUID ?? metric.gpu ?? '';
    byGpu.set([name, pod, gpu, metric.GPU_I_ID ?? ''].join(' '), { name, pod, value: number });
  }
  return [...byGpu.values()];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
