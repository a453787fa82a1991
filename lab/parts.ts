/**
 * The joints between the lab's parts: the world runs pods, an engine is what a pod runs, the endpoint
 * picker stands in the Gateway path, the metrics side scrapes. Each part is built and tested alone against these.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import type { RequestLedger } from './inference-api/request-ledger.ts';

/** What really happened to one request. Times are Unix milliseconds of the lab's clock. */
export interface RequestTruth {
  readonly podName: string;
  readonly model: string;
  readonly promptTokens: number;
  /** Received by the API server. */
  readonly arrivedMs: number;
  /** In the engine's queue, after the API server's own work; null until then. */
  readonly queuedMs: number | null;
  /** Taken from the queue for the first time; null until then. */
  readonly scheduledMs: number | null;
  /** Prompt tokens found in the prefix cache when it was scheduled; null until then. */
  readonly cachedTokens: number | null;
  /** When it was pushed back into the queue for lack of blocks. */
  readonly preemptedMs: readonly number[];
  /** When each output token was made, the end-of-sequence token included. */
  readonly tokensMs: readonly number[];
  /** KV blocks fetched from a prefill engine before it could be scheduled; null where nothing was fetched. */
  readonly transfer: { readonly endedMs: number; readonly seconds: number; readonly bytes: number } | null;
  /** `aborted`: the client went away; `killed`: its engine did. */
  readonly end: 'running' | 'stop' | 'length' | 'aborted' | 'killed';
}

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
  /** A model that thinks first: its chat answers begin with reasoning deltas. */
  reasons?: boolean;
  /** Where every request is written down. */
  ledger?: RequestLedger;
  /** `--kv-transfer-config`: KV blocks can be given to and fetched from other engines (NIXL). */
  transfersKv?: boolean;
  /**
   * Of a decode engine behind its routing sidecar: the engine that computes a prompt first. `address`: the one the endpoint
   * picker named; without it the least busy, as loads without a picker need it. None where there is none.
   */
  prefiller?(address: string | null): Engine | undefined;
}

/** A completion asked for without HTTP, as loads in virtual time do. */
export interface DirectRequest {
  /** Ids; equal beginnings meet in the prefix cache. */
  promptTokens: readonly number[];
  /** Exactly so many, as with `ignore_eos`. */
  outputTokens: number;
  onFinished?(): void;
}

/**
 * What is wrong with completion answers: nothing but headers, and either the end or endless silence after them; or, once
 * so many tokens are out, the connection is reset, nothing more comes, the stream ends without finish reason and `[DONE]`,
 * a chunk is no JSON (and the stream goes on), or an error object ends the stream, status 200.
 */
export type AnswerFault =
  | { kind: 'empty' }
  | { kind: 'silent' }
  | { kind: 'reset' | 'stall' | 'early-end' | 'malformed-chunk' | 'error-object'; afterTokens: number };

/**
 * What is answered instead of a completion: vLLM's 400 for too long a prompt, its 401 (for everything under /v1), 429
 * with `Retry-After` as a rate limiter in front says it, or the HTML page of a proxy that finds no server (for every path).
 */
export type RefusalFault = 'context-too-long' | 'unauthorized' | 'too-many-requests' | 'unavailable-page';

export interface EngineFaults {
  /** For requests that come from now on. */
  answer: AnswerFault | null;
  /** For requests that come from now on; goes before `answer`. */
  refusal: RefusalFault | null;
  /** Steps take so many times longer. */
  slowdown: number;
  /** Output tokens that share one chunk of a stream. */
  tokensPerChunk: number;
  /** The engine answers to this model name only, and calls itself by it; null: the served one. Metrics keep their label. */
  modelId: string | null;
  /** No usage in any answer, even where it was asked for. */
  withholdsUsage: boolean;
  /** Usage reports cached tokens, as with `--enable-prompt-tokens-details`; null: as the engine was started. */
  reportsCachedTokens: boolean | null;
}

export interface EngineFaultSwitch {
  current(): EngineFaults;
  /** What is not named stays as it is. */
  set(change: Partial<EngineFaults>): void;
  clear(): void;
}

export interface EngineSnapshot {
  running: number;
  waiting: number;
  kvCacheUsageRatio: number;
}

export interface Engine {
  readonly podName: string;
  /** Faults that can be switched while it runs; stand-ins in tests have none. */
  readonly faults?: EngineFaultSwitch;
  /** Serves the OpenAI-compatible API, /health, /version, /metrics, /tokenize, as vLLM does, plus the header `x-lab: 1`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Computes a completion that nobody reads; the answer abandons it. Stand-ins in tests cannot. */
  generate?(request: DirectRequest): () => void;
  /** Computes a prompt for another engine, which fetches the KV blocks then; tells whether it could. Abandoned by the answer. */
  prefill?(promptTokens: readonly number[], onDone: (isComputed: boolean) => void): () => void;
  /** Whether its process lives. */
  isAlive?(): boolean;
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
  /** Where the pool lives; the demo's namespace by default. */
  namespace?: string;
  /** Whose metrics page it shows: RHOAI 3.0's (the default), or llm-d-router 0.9 with flow control on. */
  generation?: 'gie-1.0' | 'llm-d-router';
}

/** What a response said. Later releases also report how the answer came, where that is known. */
export interface PickedOutcome {
  statusCode: number;
  promptTokens: number | null;
  completionTokens: number | null;
  /** From the pick to the first byte of the body. */
  ttftSeconds?: number | null;
  cachedTokens?: number | null;
  isStreaming?: boolean;
}

export interface PickedEndpoint {
  podName: string;
  /** Reports what the response said, for the picker's own metrics. */
  finished(outcome: PickedOutcome): void;
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
  /** Labels of the page win instead, as kube-state-metrics is scraped. */
  honorsLabels?: boolean;
  /** The page, or a rejection when the target is down. */
  fetchPage(): Promise<string>;
}

export interface PrometheusOptions {
  clock: Clock;
  scrapeIntervalMs: number;
  /** Asked before each scrape round. */
  targets(): ScrapeTarget[];
}

export interface PrometheusFaults {
  /** The process is away: connections are cut, and nothing is scraped. */
  isDown: boolean;
  /** Answers come so much later. */
  delayMs: number;
  /** One store behind the querier is away: the series of these pods are missing, and every answer warns. */
  partial: { missingPods: readonly string[] } | null;
}

export interface PrometheusFaultSwitch {
  current(): PrometheusFaults;
  /** What is not named stays as it is. */
  set(change: Partial<PrometheusFaults>): void;
  clear(): void;
  /** Every counter and histogram begins at zero again with the next scrape, as if all targets had restarted. */
  resetCounters(): void;
}

/** The embedded Prometheus: scrapes, stores, answers the HTTP API. */
export interface EmbeddedPrometheus {
  /** Faults that can be switched while it runs. */
  readonly faults: PrometheusFaultSwitch;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Scrapes every target now; the loop does this by itself on the clock. */
  scrapeOnce(): Promise<void>;
  stop(): void;
}
