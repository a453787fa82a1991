import type { Arm, Presence, SourceState, UnixMs } from './vocabulary';

/** Static configuration by name in words ("KV-cache type"), and the query that gave it. */
export interface EngineConfiguration {
  promql: string;
  properties: Readonly<Record<string, string | null>>;
}

/** What the metrics source says about itself and about one arm's series; input of the metric gates. */
export interface ArmMetrics {
  presence: Presence;
  /** `vllm:` or `kserve_vllm:`; `null` when neither was found. */
  family: string | null;
  pods: readonly string[];
  /** Scrape jobs that carry the same pods twice. */
  duplicateJobs: readonly string[];
  /** Every way these pods are scraped: which job, under which prefix. */
  scrapes: readonly { job: string; family: string; pods: readonly string[] }[];
  /** What the engines publish about themselves (`cache_config_info`); `null`: not asked yet. */
  engineConfiguration: EngineConfiguration | null;
  newestSampleAt: UnixMs | null;
  promql: string;
  finding: string;
}

export interface MetricsFacts {
  source: {
    state: SourceState;
    request: string;
    httpStatus: number | null;
    lastProofAt: UnixMs | null;
    detail: string;
    /** Version from /api/v1/status/buildinfo where it is served. */
    version: string | null;
  };
  arms: Record<Arm, ArmMetrics>;
}
