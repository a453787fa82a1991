import type { Mode, SourceId, SourceState } from './vocabulary';

/** One foreign system as the top bar shows it. `lastProofAt`: the last sign of life (ISO 8601). */
export interface Source {
  id: SourceId;
  state: SourceState;
  mode: Mode;
  lastProofAt: string | null;
  detail: string;
}

/** GET /api/status */
export interface Status {
  mode: Mode;
  buildId: string;
  sources: Source[];
}

/**
 * The mode of the whole screen. Any simulated source makes it simulated, else any recorded one recorded,
 * else live once one source has introduced itself.
 */
export function combineModes(modes: readonly Mode[]): Mode {
  for (const mode of ['simulated', 'recorded', 'live'] as const) {
    if (modes.includes(mode)) return mode;
  }
  return 'unknown';
}
