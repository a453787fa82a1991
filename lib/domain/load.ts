import type { ClientSample } from './compare';
import { nearestRank } from './timing';
import type { Arm, ChatPath, UsedPath } from './vocabulary';

export const LOAD_SHAPES = ['synthetic-256', 'documents'] as const;
/**
 * `synthetic-256`: 256 tokens in, 256 out, no two prompts alike, one request after the other (closed loop), as the benchmark
 * of the demo does. `documents`: conversations of several turns over a few shared documents, with pauses to read.
 */
export type LoadShape = (typeof LOAD_SHAPES)[number];

/** What is asked for when a background load is started. */
export interface LoadPlan {
  /** Virtual users on each of the arms. */
  usersPerArm: number;
  arms: Arm[];
  /** `null`: the path the chat would use. */
  path: ChatPath | null;
  shape: LoadShape;
}

export const LOAD_ENDS = ['stopped', 'page-lost', 'time-limit', 'shutdown', 'failed'] as const;
/** Why a load ended. `page-lost`: the page that started it gave no sign of life (dead-man switch). */
export type LoadEnd = (typeof LOAD_ENDS)[number];

/** The page says that it is there this often; without a word for so long, the load ends: five seconds at most with its own stop. */
export const KEEP_INTERVAL_MS = 1_000;
export const DEAD_MAN_MS = 4_000;
/** A load that nobody remembers ends by itself. */
export const MAX_RUN_MS = 30 * 60_000;

/** One request of the background load or of the chat, as this dashboard timed it (contract, "Measured"). */
export interface LoadSample extends ClientSample {
  path: UsedPath;
  outcome: 'answered' | 'failed';
  /** Why it failed (`CHAT_FAILURE_CODES`). */
  code: string | null;
  promptTokens: number | null;
  cachedPromptTokens: number | null;
}

/** Samples kept of the chat, and of the load. */
export const MAX_SAMPLES = 1_000;

/** What one arm is doing under the load. */
export interface LoadProgress {
  arm: Arm;
  path: UsedPath;
  inFlight: number;
  answered: number;
  failed: number;
  lastFailure: { at: string; code: string; message: string } | null;
  /** The endpoint asked to wait (429): no new request before this. */
  slowedUntil: string | null;
}

export interface LoadQuantiles {
  /** How many samples they were read from. */
  count: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** Nearest rank over the samples that have the value (metrics §11). */
export function quantilesOf(
  samples: readonly LoadSample[],
  field: 'ttftMs' | 'meanItlMs' | 'e2eMs',
): LoadQuantiles {
  const values = samples.flatMap((sample) => sample[field] ?? []);
  return { count: values.length, p50Ms: nearestRank(values, 50), p95Ms: nearestRank(values, 95) };
}

/** When a load shows in the curves: not before the next scrape, wholly once a rate window has nothing else in it. */
export interface ChartTimes {
  scrapeIntervalSeconds: number;
  rateWindowSeconds: number;
  firstAt: string;
  whollyAt: string;
}

export function toChartTimes(
  startedAt: number,
  scrapeIntervalSeconds: number | null,
  rateWindowSeconds: number | null,
): ChartTimes | null {
  if (scrapeIntervalSeconds === null || rateWindowSeconds === null) return null;
  const after = (seconds: number) => new Date(startedAt + seconds * 1000).toISOString();
  return {
    scrapeIntervalSeconds,
    rateWindowSeconds,
    firstAt: after(scrapeIntervalSeconds),
    whollyAt: after(scrapeIntervalSeconds + rateWindowSeconds),
  };
}
