import 'server-only';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventFeed, MAX_BACKLOG_BYTES, OPENED, PING, PING_MS } from './event-feed';
import type { WatchedAnswer } from './page-watch';
import { ReaderGone } from './reader-gone';
import type { ReaderWatch } from './reader-watch';
import { encodeSseFrame, SSE_HEADERS } from './sse';

export interface WriteEventsOptions {
  /** Notices a reader that is gone without a word. */
  watch?: ReaderWatch;
  /** The page that reads, where it can be asked whether it is still there. */
  page?: AskablePage;
  pingMs?: number;
}

export interface AskablePage {
  watch(answer: WatchedAnswer): () => void;
  /** Written where nothing else was since the last beat. */
  beat: string;
}

/** A reason that is there already: the default one is an exception with a stack, made anew at the end of every answer. */
const READER_LEFT = new Error('The reader has left.');

/**
 * Answers with a stream of events, as `streamEvents` does, but straight into Node's response: an event is on its way to the
 * socket when `tell` returns. The streams of the Fetch API cost several turns of the microtask queue per event, each behind
 * those of all other answers.
 */
export async function writeEvents<T>(
  feed: EventFeed<T>,
  response: ServerResponse,
  { watch, page, pingMs = PING_MS }: WriteEventsOptions = {},
): Promise<void> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort(READER_LEFT));
  if (response.destroyed) leaving.abort(READER_LEFT);
  const isOver = (): boolean => response.destroyed || response.writableEnded;
  let hasWritten = false;
  const open = (): void => {
    if (isOver() || response.headersSent) return;
    response.writeHead(200, { ...SSE_HEADERS });
    response.write(OPENED);
  };
  const write = (text: string): void => {
    open();
    if (isOver()) return;
    hasWritten = true;
    response.write(text);
    if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
  };
  let ping: ReturnType<typeof setInterval> | undefined;
  let stopWatching: (() => void) | undefined;
  let stopAsking: (() => void) | undefined;
  let isPromised = false;
  const onBeat = (): void => {
    // The first one promises the others.
    if (!isPromised || !hasWritten) write(page?.beat ?? PING);
    isPromised = true;
    hasWritten = false;
  };
  const onGone = (silentMs: number): void => leaving.abort(new ReaderGone(silentMs));
  try {
    // Begun before anything of our own is sent or set up, with a turn of its own: what the feed asks of others leaves first.
    const running = feed((event) => write(encodeSseFrame({ data: event })), leaving.signal);
    running.catch(() => undefined);
    await nextTurn();
    open();
    ping = setInterval(() => write(PING), pingMs);
    if (response.socket !== null) stopWatching = watch?.watch(response.socket, () => response.destroy());
    stopAsking = page?.watch({ onBeat, onGone });
    await running;
    if (isOver()) return;
    const { socket } = response;
    // What was written last may still arrive; nothing else is waited for.
    if (leaving.signal.aborted) response.end(() => socket?.destroySoon());
    else response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    clearInterval(ping);
    stopWatching?.();
    stopAsking?.();
  }
}
