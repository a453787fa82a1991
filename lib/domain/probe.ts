import type { Arm, UnixMs, UsedPath } from './vocabulary';

/** A live request to a model endpoint and what it answered. */
export interface ProbeResult {
  arm: Arm;
  path: UsedPath;
  /** `models`: GET /v1/models; `completion`: one token asked for, or a real chat that proved the path. */
  kind: 'models' | 'completion';
  request: string;
  outcome: 'answered' | 'refused';
  httpStatus: number | null;
  observedAt: UnixMs;
  durationMs: number | null;
  /** One sentence: what came back. */
  finding: string;
  /** Ids from /v1/models. */
  modelIds: readonly string[] | null;
  /** What `GET /version` of the same server says; only on answers of `models` where it tells. */
  engineVersion?: string;
  /** Response header x-went-into-resp-headers on a completion. */
  schedulerSeen: boolean | null;
  /** Whether the answer carried the lab's header. */
  introducedAsLab: boolean;
}
