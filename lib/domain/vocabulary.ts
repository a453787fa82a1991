/** The words of the product: each list once, its type from it. Shapes and names follow the contract. */

export const MODES = ['live', 'simulated', 'recorded', 'unknown'] as const;
/** Where the data comes from; `unknown` until a source has introduced itself, sticky afterwards. */
export type Mode = (typeof MODES)[number];

export const SOURCE_STATES = [
  'syncing',
  'live',
  'reconnecting',
  'stale',
  'forbidden',
  'not-installed',
  'unauthenticated',
  'unreachable',
  'not-configured',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const SOURCE_IDS = ['cluster', 'metrics', 'baseline', 'distributed'] as const;
export type SourceId = (typeof SOURCE_IDS)[number];

export const ARMS = ['baseline', 'distributed'] as const;
/** The two sides of the demo: the single-node INT4 InferenceService and the LLMInferenceService. */
export type Arm = (typeof ARMS)[number];

export const GATE_STATUSES = ['pass', 'warn', 'fail', 'unknown', 'not-applicable'] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

export const GATE_LAYERS = ['infrastructure', 'platform', 'application', 'observability'] as const;
export type GateLayer = (typeof GATE_LAYERS)[number];

export const GATE_REASONS = [
  'forbidden',
  'unreachable',
  'not-configured',
  'syncing',
  'blocked',
  'not-installed',
  'not-created',
] as const;
export type GateReason = (typeof GATE_REASONS)[number];

export const VERDICTS = ['go', 'not-yet', 'no-go'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const LIGHTS = ['pass', 'fail', 'unknown', 'not-applicable'] as const;
export type Light = (typeof LIGHTS)[number];

export const CHAT_PATHS = ['gateway', 'route', 'service'] as const;
/** The ways to an endpoint that a viewer may ask for. */
export type ChatPath = (typeof CHAT_PATHS)[number];
/** The way actually taken; `override` is a URL from the configuration. */
export type UsedPath = ChatPath | 'override';

export const POD_ROLES = [
  'both',
  'prefill',
  'decode',
  'server',
  'scheduler',
  'leader',
  'worker',
  'unknown',
] as const;
export type PodRole = (typeof POD_ROLES)[number];

export const COMPARE_WINDOWS = ['1m', '5m', '15m', '30m', '1h', '6h'] as const;
export type CompareWindow = (typeof COMPARE_WINDOWS)[number];

export const COMPARE_PERCENTILES = [50, 90, 95, 99] as const;
export type ComparePercentile = (typeof COMPARE_PERCENTILES)[number];

export const METRIC_IDS = [
  'ttft',
  'itl',
  'e2e',
  'queue-waiting',
  'running',
  'kv-cache',
  'generation-throughput',
  'request-rate',
  'prefix-cache-hit-rate',
] as const;
export type MetricId = (typeof METRIC_IDS)[number];

export const PRESENCES = [
  'ok',
  'no-traffic',
  'not-scraped',
  'stale',
  'partial',
  'forbidden',
  'unreachable',
  'not-configured',
] as const;
export type Presence = (typeof PRESENCES)[number];

/** Milliseconds since the Unix epoch. */
export type UnixMs = number;
