import 'server-only';
import type { BackOffOptions } from './back-off';
import { VIEW_TIMING, type ViewTiming } from './view-state';

/** Every duration a reflector goes by. */
export interface ReflectorTiming {
  /** Limits asked of the server, at random between the two, so that watches do not end together. */
  watchSeconds: readonly [number, number];
  /** Added to the server's limit: no watch outlives it, whatever happens. */
  watchSlackMs: number;
  /** Until a watch answers with its head. */
  openTimeoutMs: number;
  listTimeoutMs: number;
  /** Between comparing lists; bounds the age of the last proof and of any unknown failure. */
  compareIntervalMs: number;
  /** What the next answer may take without a warning: room for it is always left. */
  expectedCostMs: number;
  /** What a list shows and the watch does not deliver within this is a failure of the watch. */
  lagMs: number;
  /** Between looks at what is forbidden or not installed; short enough that the answer stays proven. */
  recheckMs: number;
  /** A watch that ends this soon without an event has failed. */
  shortWatchMs: number;
  backOff: Pick<BackOffOptions, 'baseMs' | 'maximumMs'>;
  pageSize: number;
  view: ViewTiming;
}

export const REFLECTOR_TIMING: ReflectorTiming = {
  watchSeconds: [60, 90],
  watchSlackMs: 10_000,
  openTimeoutMs: 15_000,
  listTimeoutMs: 15_000,
  compareIntervalMs: 10_000,
  expectedCostMs: 8_000,
  lagMs: 1_000,
  recheckMs: 12_000,
  shortWatchMs: 1_000,
  backOff: { baseMs: 500, maximumMs: 5_000 },
  pageSize: 500,
  view: VIEW_TIMING,
};
