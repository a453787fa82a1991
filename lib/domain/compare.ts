import type { Arm, MetricId, Mode, Presence } from './vocabulary';

export type MetricUnit = 's' | 'tokens/s' | 'requests/s' | 'requests' | 'ratio';

/** One arm's curve of one metric, with all that is needed to say how we know. */
export interface CompareSeries {
  arm: Arm;
  promql: string;
  family: string | null;
  pods: string[];
  presence: Presence;
  absentBecause: string | null;
  samples: number | null;
  /** Value of the last rate window. */
  latest: number | null;
  /** Σsum/Σcount over the whole window for histograms, time average for gauges. */
  mean: number | null;
  /** Edges of the bucket that holds the quantile of the aggregated buckets, last rate window. */
  bounds: [number, number] | null;
  latestAt: string | null;
  points: [string, number | null][];
  meanPoints: [string, number | null][] | null;
  warnings: string[];
}

export interface CompareMetric {
  id: MetricId;
  unit: MetricUnit;
  better: 'lower' | 'higher' | 'neither';
  arms: CompareSeries[];
}

/** GET /api/compare */
export interface Compare {
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
