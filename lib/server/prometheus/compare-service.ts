import 'server-only';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import type { CompareQuestion } from './read-compare';

/** A view that nobody asked for in this time is no longer in view. */
const VIEW_LASTS_MS = 30_000;
/** Nothing changes faster on a screen that people read. */
const MIN_INTERVAL_MS = 5_000;
const MAX_INTERVAL_MS = 30_000;

export interface CompareService {
  /** The shared answer: the one at hand while the view is polled, else a new one. */
  get(question: CompareQuestion): Promise<Compare>;
  /** Ends all polling and the questions in flight. */
  stop(): void;
}

export interface CompareServiceOptions {
  read: (question: CompareQuestion, signal: AbortSignal) => Promise<Compare>;
  /** Called after each new answer of a view that is polled. */
  onReady: (at: string) => void;
  clock: Clock;
}

interface View {
  question: CompareQuestion;
  lastAskedAt: UnixMs;
  latest: Compare | null;
  reading: Promise<Compare> | null;
}

/**
 * One poller per view (window and percentile) for all viewers. A view is read once at a time, about as often as its
 * data changes, and only while someone asks for it.
 */
export function createCompareService(options: CompareServiceOptions): CompareService {
  const { clock } = options;
  const views = new Map<string, View>();
  const stopped = new AbortController();

  function read(view: View): Promise<Compare> {
    view.reading ??= options
      .read(view.question, stopped.signal)
      .then((next) => {
        view.latest = view.latest === null ? next : keepLastGood(view.latest, next);
        options.onReady(next.observedAt);
        return view.latest;
      })
      .finally(() => {
        view.reading = null;
        scheduleNext(view);
      });
    return view.reading;
  }

  function scheduleNext(view: View): void {
    if (stopped.signal.aborted) return;
    clock.after(pollIntervalMs(view.latest), () => {
      if (clock.now() - view.lastAskedAt > VIEW_LASTS_MS) views.delete(keyOf(view.question));
      // A failed reading is told to those who ask; the poll goes on.
      else read(view).catch(() => undefined);
    });
  }

  return {
    async get(question) {
      const key = keyOf(question);
      const view = views.get(key) ?? { question, lastAskedAt: 0, latest: null, reading: null };
      views.set(key, view);
      view.lastAskedAt = clock.now();
      return view.latest ?? read(view);
    },
    stop() {
      stopped.abort();
      views.clear();
    },
  };
}

function keyOf(question: CompareQuestion): string {
  return `${question.window} ${question.percentile}`;
}

/** The scrape interval: in between there is nothing new (platform-pitfalls §6). Long windows move slower still. */
function pollIntervalMs(latest: Compare | null): number {
  const seconds = latest === null ? 0 : Math.max(latest.scrapeIntervalSeconds ?? 0, latest.stepSeconds);
  return Math.min(Math.max(seconds * 1000, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
}

/** When Prometheus cannot be asked, its last answer stays, with its own times and the reason. */
export function keepLastGood(before: Compare, next: Compare): Compare {
  return {
    ...next,
    metrics: next.metrics.map((metric) => ({
      ...metric,
      arms: metric.arms.map((series) => {
        const old = before.metrics
          .find(({ id }) => id === metric.id)
          ?.arms.find(({ arm }) => arm === series.arm);
        return old === undefined || !couldNotAsk(series) ? series : carryOver(old, series);
      }),
    })),
  };
}

function couldNotAsk({ presence }: CompareSeries): boolean {
  return presence === 'unreachable' || presence === 'forbidden';
}

function carryOver(old: CompareSeries, next: CompareSeries): CompareSeries {
  const { presence, absentBecause } = next;
  return { ...old, presence, absentBecause };
}
