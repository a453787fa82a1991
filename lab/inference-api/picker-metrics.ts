import type { EndpointPickerOptions, PickedOutcome, PickerEndpoint } from '../parts.ts';
import type { Random } from '../random.ts';
import { goProcessLines, goRuntimeLines } from './go-process-metrics.ts';
import { Histogram } from './histogram.ts';
import { goNumber } from './number-text.ts';
import { escapeLabelValue, type Labels } from './page-writer.ts';
import {
  LATER_FIGURES,
  PICKER_EDGES,
  PICKER_FAMILIES,
  type PickerFamily,
  type PickerFigure,
} from './picker-families.ts';
import { ROUTER_FAMILIES, type ShownFamily } from './router-families.ts';

/** What a client sends around the prompt, and receives per streamed token: the picker counts bytes of bodies. */
const REQUEST_ENVELOPE_BYTES = 180;
const RESPONSE_BYTES_PER_TOKEN = 173;

/** Plugins in the order in which one decision runs them, with a typical duration and calls per decision. */
const PLUGINS: readonly { point: string; plugin: string; seconds: number; calls: number }[] = [
  { point: 'Picker', plugin: 'max-score-picker', seconds: 3.1e-6, calls: 1 },
  { point: 'PreRequest', plugin: 'prefix-cache-scorer', seconds: 1.2e-5, calls: 1 },
  { point: 'ProcessProfilesResults', plugin: 'single-profile-handler', seconds: 4.0e-7, calls: 1 },
  { point: 'ProfilePicker', plugin: 'single-profile-handler', seconds: 9.1e-7, calls: 2 },
  { point: 'Scorer', plugin: 'load-aware-scorer', seconds: 1.6e-6, calls: 1 },
  { point: 'Scorer', plugin: 'prefix-cache-scorer', seconds: 4.1e-5, calls: 1 },
];

/** Flow control lets a request through at once while the pool is not saturated. */
const FLOW_CONTROL_SECONDS = 4.3e-4;
/** Defaults of the saturation detector (metrics §3.2). */
const SATURATED_QUEUE = 5;
const SATURATED_KV_RATIO = 0.8;

export interface Decision {
  podName: string;
  requestBytes: number;
  /** Part of the prompt that the chosen server is believed to have; null when the prompt has no full block. */
  hitBytes: number;
  hitRatio: number | null;
}

/** The picker's page: Go client style, families in alphabetical order (metrics §3). */
export class PickerMetrics {
  private readonly poolName: string;
  private readonly namespace: string;
  private readonly families: readonly ShownFamily[];
  private readonly startedMs: number;
  private readonly random: Random;
  private readonly values = new Map<string, Map<string, { labels: Labels; value: number | Histogram }>>();
  private decisions = 0;

  constructor(
    options: Pick<EndpointPickerOptions, 'poolName' | 'namespace' | 'generation'>,
    startedMs: number,
    random: Random,
  ) {
    this.poolName = options.poolName;
    this.namespace = options.namespace ?? 'private-ai';
    this.families =
      options.generation === 'llm-d-router'
        ? ROUTER_FAMILIES
        : PICKER_FAMILIES.map((family) => ({ ...family, figure: family.name }));
    this.startedMs = startedMs;
    this.random = random;
    this.set('inference_extension_info', { build_ref: '', commit: 'unknown' }, 1);
  }

  scheduled(model: string, decision: Decision): void {
    this.decisions++;
    let totalSeconds = 2e-5;
    for (const { point, plugin, seconds, calls } of PLUGINS) {
      for (let call = 0; call < calls; call++) {
        const took = seconds * (0.6 + 0.8 * this.random());
        totalSeconds += took;
        const labels = { extension_point: point, plugin_name: plugin, plugin_type: plugin };
        this.observe('inference_extension_plugin_duration_seconds', labels, took);
      }
    }
    totalSeconds += 2.2e-4 * this.random() ** 2;
    this.observe('inference_extension_scheduler_e2e_duration_seconds', {}, totalSeconds);
    this.observe('inference_extension_prefix_indexer_hit_bytes', {}, decision.hitBytes);
    if (decision.hitRatio !== null) {
      this.observe('inference_extension_prefix_indexer_hit_ratio', {}, decision.hitRatio);
    }
    const labels = modelLabels(model);
    this.add('inference_model_request_total', labels, 1);
    this.observe('inference_model_request_sizes', labels, decision.requestBytes + REQUEST_ENVELOPE_BYTES);
    this.add('inference_model_running_requests', { model_name: model }, 1);
    const attempt = { endpoint_name: decision.podName, namespace: this.namespace, port: '8000' };
    this.add('scheduler_attempts', { ...attempt, status: 'success', target_model_name: model }, 1);
    const waited = FLOW_CONTROL_SECONDS * (0.6 + 0.8 * this.random());
    const queue = this.flowLabels(model);
    this.observe('flow_control_request_queue_duration_seconds', { ...queue, outcome: 'Dispatched' }, waited);
    this.set('flow_control_queue_size', queue, 0);
    this.set('flow_control_queue_bytes', queue, 0);
  }

  private flowLabels(model: string): Labels {
    return {
      fairness_id: 'default-flow',
      inference_pool: this.poolName,
      priority: '0',
      ...modelLabels(model),
    };
  }

  failed(model: string, errorCode: string): void {
    this.add('inference_model_request_error_total', { error_code: errorCode, ...modelLabels(model) }, 1);
  }

  finished(model: string, outcome: PickedOutcome, durationSeconds: number): void {
    const labels = modelLabels(model);
    this.add('inference_model_running_requests', { model_name: model }, -1);
    if (outcome.statusCode >= 400) {
      this.failed(model, outcome.statusCode >= 500 ? 'Internal' : 'BadRequest');
      return;
    }
    this.observe('inference_model_request_duration_seconds', labels, durationSeconds);
    if (outcome.promptTokens !== null) {
      this.observe('inference_model_input_tokens', labels, outcome.promptTokens);
    }
    const { ttftSeconds = null, cachedTokens = null, isStreaming = false } = outcome;
    if (cachedTokens !== null) this.observe('request_cached_tokens', labels, cachedTokens);
    if (ttftSeconds !== null) {
      this.observe('request_ttft_seconds', { ...labels, streaming: String(isStreaming) }, ttftSeconds);
    }
    if (outcome.completionTokens === null) return;
    if (ttftSeconds !== null && isStreaming && outcome.completionTokens > 1) {
      const perToken = (durationSeconds - ttftSeconds) / (outcome.completionTokens - 1);
      this.observe('request_streaming_tpot_seconds', labels, perToken);
    }
    this.observe('inference_model_output_tokens', labels, outcome.completionTokens);
    this.observe(
      'inference_model_response_sizes',
      labels,
      outcome.completionTokens * RESPONSE_BYTES_PER_TOKEN,
    );
    if (outcome.completionTokens > 0) {
      const perToken = durationSeconds / outcome.completionTokens;
      this.observe('inference_model_normalized_time_per_output_token_seconds', labels, perToken);
    }
  }

  text(endpoints: readonly PickerEndpoint[], indexSize: number, nowMs: number): string {
    this.setPoolGauges(endpoints);
    this.set('inference_extension_prefix_indexer_size', {}, indexSize);
    const facts = {
      startedMs: this.startedMs,
      aliveSeconds: Math.max(0, nowMs - this.startedMs) / 1000,
      decisions: this.decisions,
    };
    const lines: string[] = goRuntimeLines(facts);
    for (const family of this.families) lines.push(...this.familyLines(family));
    lines.push(...goProcessLines(facts));
    return `${lines.join('\n')}\n`;
  }

  private setPoolGauges(endpoints: readonly PickerEndpoint[]): void {
    const name = this.poolName;
    const snapshots = endpoints.map((endpoint) => ({ pod: endpoint.podName, ...endpoint.snapshot() }));
    const average = (values: number[]): number =>
      values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
    this.set('inference_pool_ready_pods', { name }, snapshots.length);
    this.set('inference_pool_average_queue_size', { name }, average(snapshots.map(({ waiting }) => waiting)));
    this.set(
      'inference_pool_average_kv_cache_utilization',
      { name },
      average(snapshots.map(({ kvCacheUsageRatio }) => kvCacheUsageRatio)),
    );
    const deviation = (values: number[]): number => {
      const mean = average(values);
      return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
    };
    const running = snapshots.map((snapshot) => snapshot.running);
    this.set('average_running_requests', { name }, average(running));
    this.set('std_dev_running_requests', { name }, deviation(running));
    this.set('std_dev_queue_size', { name }, deviation(snapshots.map(({ waiting }) => waiting)));
    this.set(
      'std_dev_kv_cache_utilization',
      { name },
      deviation(snapshots.map(({ kvCacheUsageRatio }) => kvCacheUsageRatio)),
    );
    // An empty pool reads as saturated.
    const saturation = snapshots.map(({ waiting, kvCacheUsageRatio }) =>
      Math.max(waiting / SATURATED_QUEUE, kvCacheUsageRatio / SATURATED_KV_RATIO),
    );
    this.set(
      'flow_control_pool_saturation',
      { inference_pool: name },
      snapshots.length === 0 ? 1 : average(saturation),
    );
    this.values.delete('inference_pool_per_pod_queue_size');
    for (const { pod, waiting } of snapshots) {
      this.set('inference_pool_per_pod_queue_size', { model_server_pod: pod, name }, waiting);
    }
  }

  /** Series appear with their first event; a family without any is not on the page. */
  private familyLines(family: ShownFamily): string[] {
    const { labels: shown = (labels: Labels): Labels => labels } = family;
    const series = [...(this.values.get(family.figure)?.values() ?? [])]
      .map((entry): [string, typeof entry] => [labelList(shown(entry.labels)), entry])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (series.length === 0) return [];
    const lines = [`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} ${family.type}`];
    for (const [key, { value }] of series) {
      if (typeof value === 'number') {
        lines.push(`${family.name}${braced(key)} ${goNumber(value)}`);
        continue;
      }
      for (const [edge, count] of value.cumulative()) {
        const le = `le="${goNumber(edge)}"`;
        lines.push(`${family.name}_bucket${braced(key === '' ? le : `${key},${le}`)} ${goNumber(count)}`);
      }
      lines.push(`${family.name}_sum${braced(key)} ${goNumber(value.sum)}`);
      lines.push(`${family.name}_count${braced(key)} ${goNumber(value.count)}`);
    }
    return lines;
  }

  private set(name: PickerFigure, labels: Labels, value: number): void {
    this.seriesOf(name).set(labelList(labels), { labels, value });
  }

  private add(name: PickerFigure, labels: Labels, amount: number): void {
    const known = this.seriesOf(name).get(labelList(labels))?.value;
    this.set(name, labels, (typeof known === 'number' ? known : 0) + amount);
  }

  private observe(name: PickerFigure, labels: Labels, value: number): void {
    const series = this.seriesOf(name);
    const key = labelList(labels);
    const known = series.get(key)?.value;
    const histogram = known instanceof Histogram ? known : new Histogram(edgesOf(name));
    histogram.observe(value);
    series.set(key, { labels, value: histogram });
  }

  private seriesOf(name: string): Map<string, { labels: Labels; value: number | Histogram }> {
    const series = this.values.get(name) ?? new Map();
    this.values.set(name, series);
    return series;
  }
}

function edgesOf(name: PickerFigure): readonly number[] {
  const later: Readonly<Record<string, keyof typeof PICKER_EDGES | null>> = LATER_FIGURES;
  const laterEdges = later[name] ?? null;
  if (laterEdges !== null) return PICKER_EDGES[laterEdges];
  const families: readonly PickerFamily[] = PICKER_FAMILIES;
  const edges = families.find((family) => family.name === name)?.edges;
  return edges === undefined ? [] : PICKER_EDGES[edges];
}

function modelLabels(model: string): Labels {
  return { model_name: model, target_model_name: model };
}

function labelList(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
    .join(',');
}

function braced(list: string): string {
  return list === '' ? '' : `{${list}}`;
}
