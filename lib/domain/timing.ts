/**
 * Timing of one streamed answer, by the contract's formulas. Times are milliseconds since the answering attempt
 * was sent, on one monotonic clock. Token counts come from the engine's usage report, never from counting chunks.
 */
export interface AnswerTiming {
  /** Arrival of the first and of the latest non-empty text or reasoning delta. */
  firstDeltaAtMs: number | null;
  lastDeltaAtMs: number | null;
}

export const NO_DELTA_YET: AnswerTiming = { firstDeltaAtMs: null, lastDeltaAtMs: null };

/** An empty delta marks nothing (role chunk, finish chunk). */
export function addDelta(timing: AnswerTiming, text: string, atMs: number): AnswerTiming {
  if (text === '') return timing;
  return { firstDeltaAtMs: timing.firstDeltaAtMs ?? atMs, lastDeltaAtMs: atMs };
}

/** Nearest-rank percentile: the smallest sample that at least `percent` % do not exceed (metrics §11). `null` without samples. */
export function nearestRank(samples: readonly number[], percent: number): number | null {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}

/** To the microsecond: below that no clock here can be trusted. `null` stays unknown. */
export function toMicroseconds<Value extends number | null>(milliseconds: Value): Value {
  return (milliseconds === null ? null : Math.round(milliseconds * 1000) / 1000) as Value;
}

export interface Speed {
  ttftMs: number | null;
  meanItlMs: number | null;
  tokensPerSecond: number | null;
}

/**
 * Inter-token latency is (last − first delta) ÷ (n − 1), n = completion tokens. It is not known without n, for a
 * single token, and where all tokens arrived at the same instant: there is no gap to measure.
 */
export function toSpeed(timing: AnswerTiming, completionTokens: number | null): Speed {
  const { firstDeltaAtMs, lastDeltaAtMs } = timing;
  const isSpread = firstDeltaAtMs !== null && lastDeltaAtMs !== null && lastDeltaAtMs > firstDeltaAtMs;
  if (!isSpread || completionTokens === null || completionTokens < 2) {
    return { ttftMs: firstDeltaAtMs, meanItlMs: null, tokensPerSecond: null };
  }
  const meanItlMs = (lastDeltaAtMs - firstDeltaAtMs) / (completionTokens - 1);
  return { ttftMs: firstDeltaAtMs, meanItlMs, tokensPerSecond: 1000 / meanItlMs };
}
