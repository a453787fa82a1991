import { createParser } from 'eventsource-parser';
import { type ChatRequest, chatEventSchema } from '@/lib/contracts/chat';
import { problemSchema } from '@/lib/contracts/problem';
import type { ChatEvent } from '@/lib/domain/chat';
import type { LostStream } from '@/lib/domain/chat-model';
import { ownAddress } from './own-address';
import { pageId } from './page-id';

/** Longest event kept while waiting for its end. */
const MAX_BUFFER_CHARACTERS = 4 * 1024 * 1024;

/** What one chat request yields: the relay's events, its pings, and at most one `lost` in place of an end. */
export type ChatStreamItem =
  | { type: 'event'; event: ChatEvent }
  | { type: 'ping' }
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
): AsyncGenerator<ChatStreamItem> {
  let response: Response;
  try {
    response = await fetchFrom(ownAddress('/api/chat'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-page-id': pageId() },
      body: JSON.stringify(request),
      signal,
    });
  } catch {
    if (!signal.aborted) yield lost('unreachable', 'The dashboard could not be reached.', null);
    return;
  }
  if (!response.ok || response.body === null) {
    yield await toRefusal(response);
    return;
  }

  // The parser hands on comments as they come; a parser stream would hold pings back until the next event.
  let items: ChatStreamItem[] = [];
  const parser = createParser({
    maxBufferSize: MAX_BUFFER_CHARACTERS,
    onComment: () => items.push({ type: 'ping' }),
    onEvent: ({ data }) => {
      const event = parseChatEvent(data);
      items.push(event === null ? UNREADABLE : { type: 'event', event });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') items.push(UNREADABLE);
    },
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parser.feed(decoder.decode(value, { stream: true }));
      const ready = items;
      items = [];
      for (const item of ready) {
        yield item;
        if (isLast(item)) return;
      }
    }
    if (!signal.aborted)
      yield lost('stream-cut', 'The connection to the dashboard ended before the answer did.', null);
  } catch {
    if (!signal.aborted)
      yield lost('stream-cut', 'The connection to the dashboard broke before the answer ended.', null);
  } finally {
    await reader.cancel().catch(() => {});
  }
}
