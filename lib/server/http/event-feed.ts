import 'server-only';

/**
 * Where events come from: `tell` is called with each one when it happens, until the promise settles. The signal aborts
 * when the reader leaves, by whichever way.
 */
export type EventFeed<T> = (tell: (event: T) => void, signal: AbortSignal) => Promise<void>;

/** A comment this often keeps proxies from cutting a silent stream. */
export const PING_MS = 5_000;
/** A reader further behind than this is given up, so that one slow browser cannot fill the memory. */
export const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
export const OPENED = ': open\n\n';
export const PING = ': ping\n\n';

/** A comment for a page that is told beats (`page-watch.ts`), and how long its silence is borne; 0: for ever. */
export function beatOf(silentSeconds: number): string {
  return `: beat ${silentSeconds * 1_000}\n\n`;
}
