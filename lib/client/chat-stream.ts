import { createParser } from 'eventsource-parser';
import { type ChatRequest, chatEventSchema } from '@/lib/contracts/chat';
import { problemSchema } from '@/lib/contracts/problem';
import type { ChatEvent } from '@/lib/domain/chat';
import type { LostStream } from '@/lib/domain/chat-model';
import { ownAddress } from './own-address';
import { pageId } from './page-id';
import { pagePresence } from './page-presence';
import { type SetTimer, setPageTimer } from './page-timer';
import { limitSilence } from './silence-limit';

/** Longest event kept while waiting for its end. */
const MAX_BUFFER_CHARACTERS = 4 * 1024 * 1024;

/** A comment of a dashboard that sees this page (`lib/server/http/event-feed.ts`). */
const BEAT = /^ ?beat (\d{1,6})$/;

/**
 * What one chat request yields: the relay's events, its pings, its beats (from the first of which on something comes five
 * times a second), and at most one `lost` in place of an end.
 */
export type ChatStreamItem =
  | { type: 'event'; event: ChatEvent }
  | { type: 'ping' }
  | { type: 'beat' }
  | { type: 'lost'; problem: LostStream };

function lost(code: LostStream['code'], message: string, httpStatus: number | null): ChatStreamItem {
  return { type: 'lost', problem: { code, message, httpStatus } };
}

const UNREADABLE = lost('unreadable-event', 'The dashboard sent something this page cannot read.', null);

function isLast(item: ChatStreamItem): boolean {
  return (
    item.type === 'lost' ||
    (item.type === 'event' && (item.event.type === 'end' || item.event.type === 'error'))
  );
}

async function toRefusal(response: Response): Promise<ChatStreamItem> {
  const fallback = `The dashboard answered ${response.status}.`;
  try {
    const parsed = problemSchema.safeParse(await response.json());
    return lost('refused', parsed.success ? parsed.data.error.message : fallback, response.status);
  } catch {
    return lost('refused', fallback, response.status);
  }
}

function parseChatEvent(data: string): ChatEvent | null {
  try {
    const parsed = chatEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * One answer as it comes. Ends after the relay's `end` or `error`, or with one `lost`. Aborting `signal` ends it silently
 * and closes the connection, which aborts the model's work.
 */
export async function* openChatStream(
  request: ChatRequest,
  signal: AbortSignal,
  fetchFrom: typeof fetch = fetch,
  setTimer: SetTimer = setPageTimer,
): AsyncGenerator<ChatStreamItem> {
  const posted = post(request, signal, fetchFrom);
  const letGo = pagePresence.hold();
  try {
    const response = await posted;
    if (response === null) {
      if (!signal.aborted) yield lost('unreachable', 'The dashboard could not be reached.', null);
    } else if (!response.ok || response.body === null) {
      yield await toRefusal(response);
    } else {
      yield* readStream(response.body, signal, setTimer);
    }
  } finally {
    letGo();
  }
}

async function post(
  request: ChatRequest,
  signal: AbortSignal,
  fetchFrom: typeof fetch,
): Promise<Response | null> {
  try {
    return await fetchFrom(ownAddress('/api/chat'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-page-id': pageId() },
      body: JSON.stringify(request),
      signal,
    });
  } catch {
    return null;
  }
}

async function* readStream(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  setTimer: SetTimer,
): AsyncGenerator<ChatStreamItem> {
  const reader = body.getReader();
  let silentMs: number | null = null;
  const silence = limitSilence((milliseconds) => {
    silentMs = milliseconds;
    reader.cancel().catch(() => {});
  }, setTimer);
  // The parser hands on comments as they come; a parser stream would hold pings back until the next event.
  let items: ChatStreamItem[] = [];
  const parser = createParser({
    maxBufferSize: MAX_BUFFER_CHARACTERS,
    onComment: (comment) => {
      const beat = BEAT.exec(comment);
      if (beat !== null) silence.promise(Number(beat[1]));
      items.push({ type: beat === null ? 'ping' : 'beat' });
    },
    onEvent: ({ data }) => {
      const event = parseChatEvent(data);
      items.push(event === null ? UNREADABLE : { type: 'event', event });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') items.push(UNREADABLE);
    },
  });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      silence.heard();
      parser.feed(decoder.decode(value, { stream: true }));
      const ready = items;
      items = [];
      for (const item of ready) {
        yield item;
        if (isLast(item)) return;
      }
    }
    if (signal.aborted) return;
    if (silentMs === null)
      yield lost('stream-cut', 'The connection to the dashboard ended before the answer did.', null);
    else yield lost('went-silent', `Nothing came from the dashboard for ${silentMs / 1_000} s.`, null);
  } catch {
    if (!signal.aborted)
      yield lost('stream-cut', 'The connection to the dashboard broke before the answer ended.', null);
  } finally {
    silence.stop();
    await reader.cancel().catch(() => {});
  }
}
