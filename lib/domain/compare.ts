import type { ServiceLevel } from './guidellm';
import type { Arm, MetricId, Mode, Presence } from './vocabulary';

export type MetricUnit = 's' | 'tokens/s' | 'requests/s' | 'requests' | 'ratio';
/** Units of the metrics beyond the nine of the contract. */
export type FurtherUnit = MetricUnit | 'W' | 'bytes/s' | 'events/s';

/** The metrics beyond the nine of the contract, in reading order; each is one row of FURTHER_METRICS. */
export const FURTHER_METRIC_IDS = [
  'prompt-throughput',
  'preemptions',
  'outcomes',
  'http-outcomes',
  'failed-requests',
  'queue-time',
  'gpu-utilisation',
  'gpu-power',
  'picker-latency',
  'picker-queue',
  'picker-requests',
  'kv-transfer-time',
  'kv-transfer-throughput',
  'kv-transfer-failures',
] as const;
export type FurtherMetricId = (typeof FURTHER_METRIC_IDS)[number];

/** `[ISO time, value]`; `null` is a gap: nothing is known of that moment. */
export type Point = [string, number | null];

/** One pod, role, finish reason, or HTTP status class of an arm; the same metric, the same window. */
export interface BreakdownPart {
  by: 'pod' | 'role' | 'reason' | 'status';
  /** Pod name, role (`prefill`, `decode`, `leader`, …), finish reason (`stop`, `length`, …) or status class (`2xx`, `4xx`, `5xx`). */
  name: string;
  /** The very query of this part's curve. */
  promql: string;
  /** Value of the last rate window; of a histogram the percentile. */
  latest: number | null;
  /** Exact mean of the last rate window, for histograms only. */
  latestMean: number | null;
  /** Empty unless the question was asked with `breakdown=1`; of a histogram the percentile. */
  points: Point[];
}

/** One arm's curve of one metric, with all that is needed to say how we know. */
export interface CompareSeries {
  arm: Arm;
  promql: string;
  /** Name of the series; several with `or` between them while pods of two releases run side by side. */
  family: string | null;
  pods: string[];
  presence: Presence;
  absentBecause: string | null;
  samples: number | null;
  /** Value of the last rate window. */
  latest: number | null;
  /** Σsum/Σcount over the whole window for histograms, growth per second of it for rates, time average for gauges. */
  mean: number | null;
  /** Edges of the bucket that holds the quantile of the aggregated buckets, last rate window. */
  bounds: [number, number] | null;
  latestAt: string | null;
  /** On the grid of steps, and last of all `latest` at `observedAt`: a line ends at its label. At most 150. */
  points: Point[];
  /** Histograms: the exact mean of each rate window, at the times of `points`, `latestMean` last of all. */
  meanPoints: Point[] | null;
  warnings: string[];
  /** Histograms: the exact mean of the last rate window. */
  latestMean: number | null;
  /**
   * Histograms: the finite upper edges of the buckets, ascending (metrics §2.2: read from the data). A quantile lies in the
   * bucket between two of them, and nothing narrower is known: `toBandPoints` makes the band of `points` from them.
   */
  edges: number[] | null;
  /** Rates: the seconds of the window that `mean` is of, where nobody read the counters in the rest; else `null`. */
  measuredSeconds: number | null;
  /** The same by pod, by role where an arm's roles differ, and by finish reason or status class where the metric has one. */
  breakdown: BreakdownPart[];
}

/**
 * Distributed against baseline over the whole window, or why nothing is said. Of histograms the means are compared (exact; no
 * bucket is involved), of counters the rates, of gauges the time averages.
 */
export type Difference =
  | { state: 'none'; because: string }
  | {
      state: 'measured';
      /**
       * Of the distributed arm: `lower` and `higher` only where the interval leaves no doubt, `equal` where it lies within
       * ±5 %, else `unclear`: the window is too short or too restless for a word.
       */
      verdict: 'lower' | 'higher' | 'equal' | 'unclear';
      /** Distributed − baseline, in the metric's unit. */
      absolute: number;
      /** Distributed ÷ baseline; `null` where the baseline is 0. */
      ratio: number | null;
      /** 95 % interval of `ratio`; `null` where the window holds too few blocks for one. */
      ratioInterval: [number, number] | null;
      /** Blocks of time the interval rests on, of the arm that has fewer. */
      blocks: number;
    };

/** What stands for the metric in large digits: the percentile, the exact mean (where buckets hide all), or the value. */
export type Headline = 'percentile' | 'mean' | 'value';

interface MetricOfArms<Id, Unit> {
  id: Id;
  unit: Unit;
  better: 'lower' | 'higher' | 'neither';
  arms: CompareSeries[];
  headline: Headline;
  difference: Difference;
}

export type CompareMetric = MetricOfArms<MetricId, MetricUnit>;
/** An arm that has no such thing (the baseline has no endpoint picker) is not among `arms`. */
export type FurtherMetric = MetricOfArms<FurtherMetricId, FurtherUnit>;

/** Something that happened while the curves ran; drawn as a mark on the time axis. */
export interface Annotation {
  at: string;
  /** End of what lasts (a benchmark job, a load); `null` for a moment, or while it still runs. */
  until: string | null;
  /** `event`: a Kubernetes Event; `lab`: scenario or fault of the lab; `load` and `benchmark`: traffic that was started. */
  kind: 'event' | 'lab' | 'load' | 'benchmark';
  arm: Arm | null;
  /** Short: "Killing pod …-bbbbb", "Load: 8 users". Text from outside. */
  text: string;
  isWarning: boolean;
}

/** One request as this dashboard timed it (chat and background load), beside what the engines say of all. */
export interface ClientSample {
  arm: Arm;
  origin: 'chat' | 'load';
  sentAt: string;
  ttftMs: number | null;
  meanItlMs: number | null;
  e2eMs: number | null;
  completionTokens: number | null;
}

/** A hypothesis from TARGETS_FILE, and what this window says of it. Never drawn as a result. */
export interface Target {
  id: string;
  title: string;
  /** `null`: it says nothing of one metric that a line could be drawn for. */
  line: {
    metric: MetricId;
    arm: Arm | null;
    threshold: number;
    statistic: 'p50' | 'p90' | 'p95' | 'p99' | 'mean';
  } | null;
  source: string;
  state: 'not-yet-measured' | 'met' | 'missed';
  /** "not yet measured: …" or "measured: 0.84 s against 1 s". */
  text: string;
}

/** What an arm holds and costs now. `null`: not known or not configured, never 0. */
export interface ArmCost {
  gpus: number | null;
  instanceTypes: string[];
  /** Of all GPUs of the arm together. */
  pricePerHour: number | null;
  /** Why there is no price: "prices are not configured (PRICES_FILE)". */
  because: string | null;
}

export interface Prices {
  currency: string;
  /** Date of the prices, as the file has it. */
  asOf: string;
  source: string;
}

/** When an arm's engines were read last, and when they will be next. */
export interface ScrapeTimes {
  lastAt: string | null;
  /** Newest sample + scrape interval: "next scrape in 12 s". `null`: not known, or overdue. */
  nextAt: string | null;
}

/** What GET /api/compare holds beyond the contract. */
export interface CompareExtras {
  furtherMetrics: FurtherMetric[];
  annotations: Annotation[];
  nextScrapeAt: Record<Arm, ScrapeTimes>;
  /**
   * Own completion probes of this dashboard in the window. The engines count them like any request; they are taken off the
   * request counts on which `comparable` rests, and the curves say that they include them.
   */
  probesExcluded: Record<Arm, number>;
  /** Oldest first, at most 500, of the window. */
  clientSamples: ClientSample[];
  targets: Target[];
  /** The limits behind "at the same SLA threshold", for the ladder of benchmarks. */
  serviceLevel: ServiceLevel;
  /** What is wrong with PRICES_FILE, TARGETS_FILE or GUIDELLM_PATH, in sentences; empty when all is well. */
  fileProblems: string[];
  /** `null`: not configured. */
  prices: Prices | null;
  costs: Record<Arm, ArmCost>;
  /** Address of the namespace's Grafana, where its Route exists. */
  grafana: string | null;
  /** First and last moment shown; `isPinned`: a past window was asked for (`end=`), which does not move. */
  range: { from: string; to: string; isPinned: boolean };
}

/** GET /api/compare */
export interface Compare extends CompareExtras {
  mode: Mode;
  window: string;
  percentile: number;
  stepSeconds: number;
  rateWindowSeconds: number;
  scrapeIntervalSeconds: number | null;
  observedAt: string;
  comparable: { difference: boolean; because: string[]; notEqual: string[] };
  metrics: CompareMetric[];
}
