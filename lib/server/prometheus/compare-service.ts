import 'server-only';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import { HttpProblem } from '@/lib/server/http/problem';
import type { CompareQuestion } from './read-compare';

/** A view that nobody asked for in this time is no longer in view. */
const VIEW_LASTS_MS = 30_000;
/** Nothing changes faster on a screen that people read. */
const MIN_INTERVAL_MS = 5_000;
const MAX_INTERVAL_MS = 30_000;
const CLOCK_SKEW_MS = 5_000;
/** Each costs a poll; the one looked at longest ago makes room. */
const MAX_VIEWS = 24;

export interface CompareService {
  /** The shared answer: the one at hand while the view is polled, else a new one. */
  get(question: CompareQuestion): Promise<Compare>;
  /** Ends all polling and the questions in flight. */
  stop(): void;
}

export interface CompareServiceOptions {
  /** `previous`: the answer before of the same view. */
  read: (question: CompareQuestion, signal: AbortSignal, previous: Compare | null) => Promise<Compare>;
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
      .read(view.question, stopped.signal, view.latest)
      .then((next) => {
        view.latest = view.latest === null ? next : keepLastGood(view.latest, next);
        if (view.question.end === null) options.onReady(next.observedAt);
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
    const key = keyOf(view.question);
    const isPinned = view.question.end !== null;
    clock.after(isPinned ? VIEW_LASTS_MS : pollIntervalMs(view.latest), () => {
      if (views.get(key) !== view) return;
      if (clock.now() - view.lastAskedAt > VIEW_LASTS_MS) views.delete(key);
      // What is over does not change; it is kept while someone looks, and asked for again where it could not be had.
      else if (isPinned && isWhole(view.latest)) scheduleNext(view);
      // A failed reading is told to those who ask; the poll goes on.
      else read(view).catch(() => undefined);
    });
  }

  return {
    async get(question) {
      const key = keyOf(question);
      const view = views.get(key) ?? { question, lastAskedAt: 0, latest: null, reading: null };
      views.delete(key);
      views.set(key, view);
      view.lastAskedAt = clock.now();
      const [oldest] = views.keys();
      if (views.size > MAX_VIEWS && oldest !== undefined) views.delete(oldest);
      return view.latest ?? read(view);
    },
    stop() {
      stopped.abort();
      views.clear();
    },
  };
}

function keyOf(question: CompareQuestion): string {
  const { window, percentile, end, breakdown } = question;
  return `${window} ${percentile} ${end ?? 'now'} ${breakdown}`;
}

const MAX_PAST_MS = 7 * 24 * 3_600_000;

/** The question, when its end lies where samples can be; the clocks of browsers are a little off. */
export function checkedEnd(question: CompareQuestion, now: UnixMs): CompareQuestion {
  if (question.end === null) return question;
  const ago = now - Date.parse(question.end);
  if (ago >= -CLOCK_SKEW_MS && ago <= MAX_PAST_MS) return question;
  throw new HttpProblem(400, 'bad-input', 'end: must be a time of the past seven days', 'end');
}

function isWhole(answer: Compare | null): boolean {
  return answer !== null && !answer.metrics.some(({ arms }) => arms.some(couldNotAsk));
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
    metrics: next.metrics.map((metric) => keepSeries(before.metrics, metric)),
    furtherMetrics: next.furtherMetrics.map((metric) => keepSeries(before.furtherMetrics, metric)),
  };
}

function keepSeries<Metric extends { id: string; arms: CompareSeries[] }>(
  before: readonly Metric[],
  next: Metric,
): Metric {
  const old = before.find(({ id }) => id === next.id);
  const arms = next.arms.map((series) => {
    const kept = old?.arms.find(({ arm }) => arm === series.arm);
    return kept === undefined || !couldNotAsk(series) ? series : carryOver(kept, series);
  });
  return { ...next, arms };
}

function couldNotAsk({ presence }: CompareSeries): boolean {
  return presence === 'unreachable' || presence === 'forbidden';
}

function carryOver(old: CompareSeries, next: CompareSeries): CompareSeries {
  const { presence, absentBecause } = next;
  return { ...old, presence, absentBecause };
}
