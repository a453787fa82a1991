import type { EmbeddedPrometheus, PrometheusOptions } from '../parts.ts';
import { HttpApi } from './http-api.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

/** Longer than the longest chart (6 h), so that its first rate window is complete. */
const RETENTION_MS = 6.5 * 3_600_000;

/** Starts scraping at once and then every interval, until stopped. */
export function createPrometheus(options: PrometheusOptions): EmbeddedPrometheus {
  const { clock, scrapeIntervalMs } = options;
  const store = new SeriesStore(RETENTION_MS);
  const loop = new ScrapeLoop(options, store);
  const api = new HttpApi({
    clock,
    store,
    metadata: () => loop.metadata(),
    targets: () => loop.targetStatus(),
  });

  let dueMs = clock.nowMs();
  let cancelNext = clock.schedule(0, round);
  function round(): void {
    void loop.scrapeOnce();
    // Rounds keep their rhythm, however late a timer fires; whole rounds that were missed are skipped.
    const passed = Math.max(1, Math.ceil((clock.nowMs() - dueMs) / scrapeIntervalMs + 0.001));
    dueMs += passed * scrapeIntervalMs;
    cancelNext = clock.schedule(dueMs - clock.nowMs(), round);
  }

  return {
    handle: (request, response) => api.handle(request, response),
    scrapeOnce: () => loop.scrapeOnce(),
    stop: () => cancelNext(),
  };
}
