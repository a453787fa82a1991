import type { Mode } from './vocabulary';

/**
 * How we know a number: every figure on screen carries one, and one component shows it on demand.
 */
export interface Provenance {
  mode: Mode;
  source: 'kubernetes' | 'prometheus' | 'chat' | 'probe' | 'browser' | 'configuration';
  /** The request or query as made: `GET /api/v1/nodes`, PromQL, `POST https://…/v1/chat/completions`. */
  request: string;
  /** ISO 8601; `null` when nothing was observed yet. */
  observedAt: string | null;
  /** How many observations the value stands on; `null` where it is one reading. */
  sampleCount: number | null;
  /** Definition, bounds or caveat in one or two sentences. */
  note: string | null;
}

/** A number on the screen, or the reason why there is none. */
export type Figure =
  | { state: 'known'; value: number; unit: string; provenance: Provenance }
  | { state: 'unknown'; because: string; unit: string; provenance: Provenance };

/** A figure from a nullable value; `because` says why it is not known. */
export function toFigure(
  value: number | null,
  unit: string,
  provenance: Provenance,
  because: string,
): Figure {
  return value === null || !Number.isFinite(value)
    ? { state: 'unknown', because, unit, provenance }
    : { state: 'known', value, unit, provenance };
}
