import 'server-only';
import type { Clock } from '@/lib/server/clock';
import type { PageLine } from './page-line';

/** Every page whose answers run is looked at this often, by one timer for all. */
const LOOK_MS = 50;
/** How often its browser is asked for a sign, and how often something is written to it at least. */
export const BEAT_MS = 200;
/** From the last sign until the engine knows, less is left for the look itself and for what it sets off. */
const LOOK_MARGIN_MS = 150;
/** Silence is not one lost packet. */
const LEAST_UNANSWERED = 3;
/** A way whose signs come unevenly is given twice its longest recent pause, but never more than this. */
const UNEVEN_AT_MOST_MS = 5_000;
const PAUSE_IS_FORGOTTEN_BY = 0.9;
/** Pages that are listened to at once; those beyond are watched by the kernel alone. */
const MAX_LINES = 1_000;

/** An answer that a page reads. */
export interface WatchedAnswer {
  /** From the first sign of its page on, five times a second: whatever is written keeps the page's own clock quiet. */
  onBeat(): void;
  /** Its page has given no sign for this long. Called once, and nothing after it. */
  onGone(silentMs: number): void;
}

export interface OpenedLine {
  /** The browser answered a ping. */
  answered(): void;
  ended(): void;
}

/** Knows which pages with running answers are still there, because their browsers answer pings (docs/decisions/0226). */
export interface PageWatch {
  /** A page's browser can be pinged from now on; a second line of the page takes the place of the first. `null`: too many. */
  listen(page: string, line: PageLine): OpenedLine | null;
  /** Watches one answer of a page, whether or not it has a line (yet). Returns how to stop. */
  watch(page: string, answer: WatchedAnswer): () => void;
  close(): void;
}

export interface PageWatchOptions {
  clock: Clock;
  /** What the engine may still do for a page that is gone; 0: nobody is given up for silence. */
  silentSeconds: number;
  /** Calls back once what has already arrived has been read. */
  afterInput?: (callback: () => void) => void;
}

interface Line {
  pings: PageLine;
  /** The latest sign since an answer runs; `null` before the first: whoever never gave one is not missed. */
  heardAtMs: number | null;
  unanswered: number;
  longestPauseMs: number;
}

interface Page {
  line: Line | null;
  /** And whether they are told beats. */
  answers: Map<WatchedAnswer, boolean>;
}

export function createPageWatch({
  clock,
  silentSeconds,
  afterInput = (callback) => setImmediate(callback),
}: PageWatchOptions): PageWatch {
  const pages = new Map<string, Page>();
  const limitMs = silentSeconds === 0 ? Number.POSITIVE_INFINITY : silentSeconds * 1_000 - LOOK_MARGIN_MS;
  let lineCount = 0;
  let isLooking = false;
  let lookedAtMs = 0;
  let beatenAtMs = 0;

  const pageOf = (name: string): Page => {
    const page = pages.get(name) ?? { line: null, answers: new Map<WatchedAnswer, boolean>() };
    pages.set(name, page);
    return page;
  };
  const forget = (name: string, page: Page): void => {
    if (page.line === null && page.answers.size === 0 && pages.get(name) === page) pages.delete(name);
  };
  const ping = (line: Line): void => {
    line.unanswered += 1;
    line.pings.ping();
  };
  /** Listens anew: what was silent while no answer ran says nothing. */
  const startAsking = (line: Line): void => {
    line.heardAtMs = null;
    line.unanswered = 0;
    line.longestPauseMs = 0;
    ping(line);
  };
  const isSilent = ({ heardAtMs, unanswered, longestPauseMs }: Line): boolean => {
    if (heardAtMs === null || unanswered < LEAST_UNANSWERED) return false;
    const allowedMs = Math.max(limitMs, Math.min(2 * longestPauseMs, UNEVEN_AT_MOST_MS));
    return clock.monotonic() - heardAtMs >= allowedMs;
  };
  const giveUp = (name: string, page: Page, line: Line): void => {
    const silentMs = clock.monotonic() - (line.heardAtMs ?? 0);
    const answers = [...page.answers.keys()];
    page.answers.clear();
    line.heardAtMs = null;
    for (const answer of answers) answer.onGone(silentMs);
    line.pings.close();
    forget(name, page);
  };

  function look(): void {
    const nowMs = clock.monotonic();
    // While we did not look (a collection, a suspended process) we did not listen either: that time is nobody's silence.
    const missedMs = nowMs - lookedAtMs - LOOK_MS;
    lookedAtMs = nowMs;
    const isBeat = nowMs - beatenAtMs >= BEAT_MS;
    if (isBeat) beatenAtMs = nowMs;
    for (const [name, page] of pages) {
      if (page.answers.size === 0) continue;
      const { line } = page;
      if (line !== null && line.heardAtMs !== null && missedMs > LOOK_MS) line.heardAtMs += missedMs;
      if (isBeat) {
        if (line !== null) ping(line);
        for (const [answer, isTold] of page.answers) if (isTold) answer.onBeat();
      }
      if (line === null || !isSilent(line)) continue;
      // Timers run before the input that has come meanwhile: a sign may lie there unread.
      afterInput(() => {
        if (page.line === line && page.answers.size > 0 && isSilent(line)) giveUp(name, page, line);
      });
    }
  }

  function lookLater(): void {
    if (isLooking) return;
    isLooking = true;
    lookedAtMs = clock.monotonic();
    const next = (): void => {
      clock.after(LOOK_MS, () => {
        look();
        isLooking = [...pages.values()].some(({ answers }) => answers.size > 0);
        if (isLooking) next();
      });
    };
    next();
  }

  return {
    listen: (name, pings) => {
      const page = pageOf(name);
      if (page.line === null && lineCount >= MAX_LINES) {
        forget(name, page);
        return null;
      }
      lineCount += 1;
      const line: Line = { pings, heardAtMs: null, unanswered: 0, longestPauseMs: 0 };
      const before = page.line;
      page.line = line;
      before?.pings.close();
      if (page.answers.size > 0) startAsking(line);
      return {
        answered: () => {
          line.unanswered = 0;
          if (page.line !== line || page.answers.size === 0) return;
          const nowMs = clock.monotonic();
          line.longestPauseMs = Math.max(
            nowMs - (line.heardAtMs ?? nowMs),
            line.longestPauseMs * PAUSE_IS_FORGOTTEN_BY,
          );
          line.heardAtMs = nowMs;
          for (const [answer, isTold] of page.answers) {
            if (isTold) continue;
            page.answers.set(answer, true);
            answer.onBeat();
          }
        },
        ended: () => {
          lineCount -= 1;
          if (page.line === line) page.line = null;
          forget(name, page);
        },
      };
    },
    watch: (name, answer) => {
      const page = pageOf(name);
      page.answers.set(answer, false);
      if (page.answers.size === 1 && page.line !== null) startAsking(page.line);
      lookLater();
      return () => {
        page.answers.delete(answer);
        forget(name, page);
      };
    },
    close: () => {
      for (const { line } of [...pages.values()]) line?.pings.close();
    },
  };
}
