import type { EmbeddedPrometheus, PrometheusFaults, PrometheusOptions } from '../parts.ts';
import { HttpApi } from './http-api.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

/** Longer than the longest chart (6 h), so that its first rate window is complete. */
const RETENTION_MS = 6.5 * 3_600_000;

const NO_FAULTS: PrometheusFaults = { isDown: false, delayMs: 0, partial: null };
/** Thanos's words when one of its stores does not answer and partial answers are allowed. */
const PARTIAL_WARNING =
  'receive series from Addr: 10.128.4.21:10901 MinTime: 0 MaxTime: 9223372036854775807: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.128.4.21:10901: connect: connection refused"';

/** Starts scraping at once and then every interval, until stopped. */
export function createPrometheus(options: PrometheusOptions): EmbeddedPrometheus {
  const { clock, scrapeIntervalMs } = options;
  const store = new SeriesStore(RETENTION_MS);
  const loop = new ScrapeLoop(options, store);
  let faults = NO_FAULTS;
  const isMissing = (pod: string): boolean => faults.partial?.missingPods.includes(pod) ?? false;
  const api = new HttpApi({
    clock,
    store: {
      select: (matchers) => store.select(matchers).filter(({ labels }) => !isMissing(labels.get('pod'))),
    },
    warnings: () => (faults.partial === null ? [] : [PARTIAL_WARNING]),
    metadata: () => loop.metadata(),
    targets: () => loop.targetStatus(),
  });

  let dueMs = clock.nowMs();
  let cancelNext = clock.schedule(0, round);
  function round(): void {
    if (!faults.isDown) void loop.scrapeOnce();
    // Rounds keep their rhythm, however late a timer fires; whole rounds that were missed are skipped.
    const passed = Math.max(1, Math.ceil((clock.nowMs() - dueMs) / scrapeIntervalMs + 0.001));
    dueMs += passed * scrapeIntervalMs;
    cancelNext = clock.schedule(dueMs - clock.nowMs(), round);
  }

  return {
    faults: {
      current: () => faults,
      set: (change) => {
        faults = { ...faults, ...change };
      },
      clear: () => {
        faults = NO_FAULTS;
      },
      resetCounters: () => loop.resetCounters(),
    },
    handle: (request, response) => {
      const answer = (): void => {
        if (faults.isDown) request.socket.destroy();
        else api.handle(request, response);
      };
      if (faults.delayMs === 0 || faults.isDown) {
        answer();
        return;
      }
      const cancel = clock.schedule(faults.delayMs, answer);
      response.on('close', cancel);
    },
    scrapeOnce: () => loop.scrapeOnce(),
    stop: () => cancelNext(),
  };
}
