import { FURTHER_METRIC_IDS, type FurtherMetricId } from '@/lib/domain/compare';
import { METRIC_IDS, type MetricId } from '@/lib/domain/vocabulary';

export type ChartId = MetricId | FurtherMetricId;
export const CHART_IDS: readonly ChartId[] = [...METRIC_IDS, ...FURTHER_METRIC_IDS];

export interface ChartLook {
  /** Short enough for the back row; the full name is in the sheet. */
  title: string;
  /** Unit of the drawn numbers, and the factor from the wire's unit. */
  unit: string;
  factor: number;
  /** Lowest top of the axis, in the drawn unit. */
  floor: number;
}

const LOOKS: Record<ChartId, ChartLook> = {
  ttft: { title: 'First token', unit: 's', factor: 1, floor: 0.5 },
  itl: { title: 'Between tokens', unit: 'ms', factor: 1_000, floor: 100 },
  'queue-waiting': { title: 'Waiting', unit: 'requests', factor: 1, floor: 4 },
  running: { title: 'Running', unit: 'requests', factor: 1, floor: 4 },
  'kv-cache': { title: 'KV cache in use', unit: '%', factor: 100, floor: 100 },
  'generation-throughput': { title: 'Output', unit: 'tokens/s', factor: 1, floor: 50 },
  e2e: { title: 'Whole answer', unit: 's', factor: 1, floor: 5 },
  'request-rate': { title: 'Requests finished', unit: 'requests/s', factor: 1, floor: 0.5 },
  'prefix-cache-hit-rate': { title: 'Prefix-cache hits', unit: '%', factor: 100, floor: 100 },
  'prompt-throughput': { title: 'Input', unit: 'tokens/s', factor: 1, floor: 50 },
  preemptions: { title: 'Preemptions', unit: 'per s', factor: 1, floor: 0.5 },
  outcomes: { title: 'Finished, by reason', unit: 'requests/s', factor: 1, floor: 0.5 },
  'http-outcomes': { title: 'Answered, by status', unit: 'requests/s', factor: 1, floor: 0.5 },
  'failed-requests': { title: 'Refused or failed', unit: 'requests/s', factor: 1, floor: 0.5 },
  'queue-time': { title: 'Time in queue', unit: 's', factor: 1, floor: 0.5 },
  'gpu-utilisation': { title: 'GPU busy', unit: '%', factor: 100, floor: 100 },
  'gpu-power': { title: 'GPU power', unit: 'W', factor: 1, floor: 80 },
  'picker-latency': { title: 'Endpoint picker', unit: 'ms', factor: 1_000, floor: 5 },
  'picker-queue': { title: 'Queue seen by picker', unit: 'requests', factor: 1, floor: 4 },
  'picker-requests': { title: 'Requests picked', unit: 'requests/s', factor: 1, floor: 0.5 },
  'kv-transfer-time': { title: 'KV transfer', unit: 'ms', factor: 1_000, floor: 50 },
  'kv-transfer-throughput': { title: 'KV moved', unit: 'MB/s', factor: 1e-6, floor: 100 },
  'kv-transfer-failures': { title: 'KV transfers failed', unit: 'per s', factor: 1, floor: 0.5 },
};

const MILLISECONDS: Partial<Record<ChartId, ChartLook>> = {
  ttft: { ...LOOKS.ttft, unit: 'ms', factor: 1_000, floor: 500 },
};

/** Unit of the first token's wait: one for the hero, the chart and the table, so that nothing is read twice. */
export type WaitUnit = 'ms' | 's';

export function toChartLook(id: ChartId, waitUnit: WaitUnit): ChartLook {
  return (waitUnit === 'ms' ? MILLISECONDS[id] : undefined) ?? LOOKS[id];
}

/** Below the first it becomes milliseconds, above the second seconds; in between it stays what it was. */
const TO_MILLISECONDS_BELOW_S = 0.4;
const TO_SECONDS_ABOVE_S = 0.8;

/** The unit for waits of this length (the longer arm's, in seconds): it changes only when there is no doubt. */
export function chooseWaitUnit(before: WaitUnit | null, longestSeconds: number | null): WaitUnit {
  if (longestSeconds === null) return before ?? 's';
  if (longestSeconds < TO_MILLISECONDS_BELOW_S) return 'ms';
  if (longestSeconds > TO_SECONDS_ABOVE_S) return 's';
  return before ?? 's';
}

/** Reading order: what the claim is about first, then what explains it, then the machines. */
const READING_ORDER: readonly ChartId[] = [
  'ttft',
  'itl',
  'queue-waiting',
  'kv-cache',
  'generation-throughput',
  'running',
  'e2e',
  'request-rate',
  'prefix-cache-hit-rate',
  'prompt-throughput',
  'queue-time',
  'preemptions',
  'failed-requests',
  'http-outcomes',
  'outcomes',
  'gpu-utilisation',
  'gpu-power',
  'picker-latency',
  'picker-queue',
  'picker-requests',
  'kv-transfer-time',
  'kv-transfer-throughput',
  'kv-transfer-failures',
];

export function inReadingOrder(ids: readonly ChartId[]): ChartId[] {
  return READING_ORDER.filter((id) => ids.includes(id));
}

/** Charts of one stage page. */
export function toPages(ids: readonly ChartId[], perPage: number): ChartId[][] {
  const pages: ChartId[][] = [];
  for (let start = 0; start < ids.length; start += perPage) pages.push(ids.slice(start, start + perPage));
  return pages;
}
