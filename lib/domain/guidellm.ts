import type { Arm } from './vocabulary';

/** The four shapes of GuideLLM's result files (metrics §12); told apart by what is at the top level. */
export const GUIDELLM_SHAPES = ['0.3', '0.4', '0.5', '0.7'] as const;
export type GuidellmShape = (typeof GUIDELLM_SHAPES)[number];

export const GUIDELLM_STATISTICS = ['p50', 'p90', 'p95', 'p99', 'mean'] as const;
export type GuidellmStatistic = (typeof GUIDELLM_STATISTICS)[number];

/**
 * One latency of the successful requests of a stage, as the file has it. Percentiles are nearest rank on the sorted values, so
 * with few requests p95 and p99 are the maximum: always say `count`.
 */
export type GuidellmSpread = Record<GuidellmStatistic, number | null> & { count: number | null };

/** One stage of the ladder: one load, held for a while. */
export interface GuidellmStage {
  /** Where it stands in the file: `$.benchmarks[2]`. */
  at: string;
  /** `concurrent`, `synchronous`, `throughput`, `constant`, `poisson`, `trace`; as the file says it. */
  load: string;
  /** Streams held open at once; 1 for `synchronous`; `null` for loads that are no number of users. */
  users: number | null;
  /** Requests per second asked for; `null` for loads that are no rate. */
  ratePerSecond: number | null;
  startedAt: string | null;
  durationSeconds: number | null;
  requests: { successful: number | null; incomplete: number | null; errored: number | null };
  ttftMs: GuidellmSpread | null;
  /** (last − first token) ÷ (n − 1) of each request: the same thing as inter-token latency on the server. */
  itlMs: GuidellmSpread | null;
  /**
   * GuideLLM’s own "TPOT". From 0.4 on it contains the wait for the first token ((last token − request sent) ÷ n), so it must
   * never stand on an axis of inter-token latency (metrics §11).
   */
  tpotMs: GuidellmSpread | null;
  /** Whole request. */
  requestSeconds: GuidellmSpread | null;
  outputTokensPerSecond: number | null;
  /** Prompt and output tokens together, as published tables often count. */
  totalTokensPerSecond: number | null;
  requestsPerSecond: number | null;
  /** What was really in flight on average. */
  concurrency: number | null;
}

/** One result file. Always RECORDED: measured earlier, with the file's name and date. */
export interface GuidellmRun {
  file: string;
  shape: GuidellmShape;
  /** GuideLLM's own version, where the file tells it (0.5 on). */
  version: string | null;
  target: string | null;
  model: string | null;
  labels: Record<string, string>;
  /** By label, target or model; `null`: the file does not say, so the person is asked. */
  arm: Arm | null;
  armBecause: string;
  /** Of the first stage. */
  startedAt: string | null;
  /** Whether `tpotMs` contains the wait for the first token. */
  tpotHasFirstToken: boolean;
  stages: GuidellmStage[];
  warnings: string[];
}

/** A file that is damaged or no GuideLLM result, and where: a JSON path, or a position in the text. */
export interface GuidellmProblem {
  file: string;
  at: string;
  message: string;
}

/** GET /api/guidellm: the files of GUIDELLM_PATH. */
export interface GuidellmFiles {
  /** `null`: GUIDELLM_PATH is not configured. */
  path: string | null;
  readAt: string;
  runs: GuidellmRun[];
  problems: GuidellmProblem[];
}

/** What a stage must keep to count as within the service level; `null`: no limit on it. */
export interface ServiceLevel {
  ttftMs: number | null;
  itlMs: number | null;
  statistic: GuidellmStatistic;
  /** Where these limits come from. */
  source: string;
}
