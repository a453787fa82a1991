/**
 * The joints between the lab's parts: the world runs pods, an engine is what a pod runs, the endpoint
 * picker stands in the Gateway path, the metrics side scrapes. Each part is built and tested alone against these.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';

/** What differs between the engines of the two arms (facts: metrics §13.3, demo-environment §2, §3.3). */
export interface EngineOptions {
  podName: string;
  servedModelName: string;
  clock: Clock;
  seed: number;
  /** vLLM release the engine imitates; decides metric names, e.g. '0.10.1.1'. */
  version: string;
  maxModelLen: number;
  /** KV blocks of 16 tokens: baseline 3502, each distributed pod 2240. */
  numGpuBlocks: number;
  cacheDtype: 'auto' | 'fp8';
  gpuMemoryUtilization: number;
  /** `--enable-prompt-tokens-details`: whether usage reports cached tokens. */
  reportsCachedTokens: boolean;
}

export interface EngineSnapshot {
  running: number;
  waiting: number;
  kvCacheUsageRatio: number;
}

export interface Engine {
  readonly podName: string;
  /** Serves the OpenAI-compatible API, /health, /version, /metrics, /tokenize, as vLLM does, plus the header `x-lab: 1`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The text of /metrics. */
  metricsText(): string;
  /** Gauges, as the endpoint picker reads them. */
  snapshot(): EngineSnapshot;
  /** Ends every request as a killed process would (sockets destroyed) and stops the step loop. */
  kill(): void;
}

export interface PickerEndpoint {
  podName: string;
  snapshot(): EngineSnapshot;
}

export interface EndpointPickerOptions {
  poolName: string;
  clock: Clock;
  /** Ready pods of the pool at this moment. */
  endpoints(): PickerEndpoint[];
}

export interface PickedEndpoint {
  podName: string;
  /** Reports what the response said, for the picker's own metrics. */
  finished(outcome: {
    statusCode: number;
    promptTokens: number | null;
    completionTokens: number | null;
  }): void;
}

/** The inference scheduler (EPP) of GIE 1.0: prefix-cache scorer weight 2, load-aware scorer weight 1, max-score picker. */
export interface EndpointPicker {
  /** `null` when no endpoint is ready. `promptText` is what the prefix index hashes in 64-character blocks. */
  pick(model: string, promptText: string): PickedEndpoint | null;
  metricsText(): string;
}

/** One scrape target as service discovery yields it, after target relabelling. */
export interface ScrapeTarget {
  /** Target labels: job, namespace, pod, container, endpoint, instance, … Target labels win over page labels (exported_*). */
  labels: Record<string, string>;
  /** Metric relabelling of the KServe PodMonitor: 'kserve_' in front of every name, or ''. */
  metricNamePrefix: string;
  /** The page, or a rejection when the target is down. */
  fetchPage(): Promise<string>;
}

export interface PrometheusOptions {
  clock: Clock;
  scrapeIntervalMs: number;
  /** Asked before each scrape round. */
  targets(): ScrapeTarget[];
}

/** The embedded Prometheus: scrapes, stores, answers the HTTP API. */
export interface EmbeddedPrometheus {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Scrapes every target now; the loop does this by itself on the clock. */
  scrapeOnce(): Promise<void>;
  stop(): void;
}
