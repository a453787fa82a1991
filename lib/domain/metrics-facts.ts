import type { Arm, Presence, SourceState, UnixMs } from './vocabulary';

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
  /** What the engines publish about their configuration (`cache_config_info`), by name in words; `null`: not known. */
  engineProperties: Readonly<Record<string, string | null>> | null;
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
