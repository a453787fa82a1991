import 'server-only';
import type { CompareWindow, UnixMs } from '@/lib/domain/vocabulary';
import type { TimeGrid } from './client';

const WINDOW_SECONDS: Record<CompareWindow, number> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '30m': 1_800,
  '1h': 3_600,
  '6h': 21_600,
};

/** Steps that people read easily; every window gets at most 121 points. */
const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600];
const MAX_INTERVALS = 120;

/** Used while the scrape interval is not known: right for the 30 s of user-workload monitoring (metrics §7.3). */
const ASSUMED_SCRAPE_SECONDS = 30;
/** A shorter window makes a rate of very few samples, however often is scraped. */
const MIN_RATE_WINDOW_SECONDS = 20;

export function windowSeconds(window: CompareWindow): number {
  return WINDOW_SECONDS[window];
}

/** Start and end are multiples of the step, so that old points do not wobble from one answer to the next. */
export function toGrid(window: CompareWindow, now: UnixMs, scrapeIntervalSeconds: number | null): TimeGrid {
  const seconds = WINDOW_SECONDS[window];
  const finest = Math.max(seconds / MAX_INTERVALS, scrapeIntervalSeconds ?? 1);
  const stepSeconds = STEPS_SECONDS.find((step) => step >= finest) ?? Math.ceil(finest);
  const endSeconds = Math.floor(now / 1000 / stepSeconds) * stepSeconds;
  return {
    startSeconds: endSeconds - Math.ceil(seconds / stepSeconds) * stepSeconds,
    endSeconds,
    stepSeconds,
  };
}

/** At least four scrapes (metrics §0.7), and no gap between two points that neither of them covers. */
export function rateWindowSeconds(scrapeIntervalSeconds: number | null, stepSeconds: number): number {
  const fourScrapes = Math.ceil(4 * (scrapeIntervalSeconds ?? ASSUMED_SCRAPE_SECONDS));
  return Math.max(fourScrapes, MIN_RATE_WINDOW_SECONDS, stepSeconds);
}
