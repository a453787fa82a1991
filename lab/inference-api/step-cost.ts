import type { Random } from '../random.ts';

/** What one engine step computes. */
export interface StepLoad {
  /** Requests that yield their next token in this step. */
  decodingRequests: number;
  /** Prompt tokens computed in this step. */
  prefillTokens: number;
  /** Tokens of context that attention reads in this step, over all requests. */
  contextTokens: number;
}

/** Weights read once per step: 24B w4a16 on one L4, fitted in metrics §13.2. */
const STEP_FLOOR_MS = 51;
const PER_DECODING_REQUEST_MS = 1.1;
const PREFILL_FLOOR_MS = 6;
const PER_COMPUTED_TOKEN_MS = 1.0;
/** 80 KiB of KV per token at 300 GB/s; BF16 is twice that (metrics §13.2, §13.3). */
const KV_READ_MS_PER_TOKEN = { fp8: 0.27 / 1000, auto: 0.54 / 1000 } as const;

/** Milliseconds a step takes before jitter: memory bound or compute bound, whichever is longer. */
export function stepMs(load: StepLoad, cacheDtype: 'auto' | 'fp8'): number {
  const memoryMs =
    STEP_FLOOR_MS +
    PER_DECODING_REQUEST_MS * load.decodingRequests +
    KV_READ_MS_PER_TOKEN[cacheDtype] * load.contextTokens;
  if (load.prefillTokens === 0) return memoryMs;
  const computeMs = PREFILL_FLOOR_MS + PER_COMPUTED_TOKEN_MS * (load.prefillTokens + load.decodingRequests);
  return Math.max(memoryMs, computeMs);
}

/** Chance of a garbage-collection pause per step: about four in an hour of steady decoding. */
const PAUSE_CHANCE = 6e-5;

/** Jitter of ±2 % and the rare pause of 50–150 ms that make tails believable (metrics §13.2). */
export function withJitter(durationMs: number, random: Random): number {
  const spread = (random() + random() - 1) * 0.02;
  const pauseMs = random() < PAUSE_CHANCE ? 50 + 100 * random() : 0;
  return durationMs * (1 + spread) + pauseMs;
}
