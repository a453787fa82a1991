import 'server-only';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '@/lib/server/clock';

/** A request on its way, and the means to end it. */
export interface SentChat {
  /** Just before it left, on the monotonic clock. */
  sentAtMs: number;
  response: Promise<Dispatcher.ResponseData>;
  /** Closes the connection at once: the engine stops generating when its client is gone (platform-pitfalls §5). */
  abort(): void;
}

export interface ChatTarget {
  url: URL;
  dispatcher: Dispatcher;
  /** The model's own key: the only credential that ever goes there. */
  apiKey: string | null;
  requestId: string;
}

/** Sends at once. No limits of undici's own: waiting for a first token is not a dead connection. */
export function sendChat(target: ChatTarget, body: string, clock: Clock): SentChat {
  const controller = new AbortController();
  const sentAtMs = clock.monotonic();
  const response = request(target.url, {
    method: 'POST',
    dispatcher: target.dispatcher,
    signal: controller.signal,
    headersTimeout: 0,
    bodyTimeout: 0,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      // An encoded stream would arrive in lumps, and could grow without limit when unpacked.
      'accept-encoding': 'identity',
      'x-request-id': target.requestId,
      ...(target.apiKey === null ? {} : { authorization: `Bearer ${target.apiKey}` }),
    },
    body,
  });
  // Whoever awaits the response sees the error; nobody may be there yet.
  response.catch(() => undefined);
  return { sentAtMs, response, abort: () => controller.abort() };
}

/** The engine took the question: a stream of events follows. */
export function isEventStream(response: Dispatcher.ResponseData): boolean {
  const encoding = headerOf(response, 'content-encoding') ?? 'identity';
  return (headerOf(response, 'content-type') ?? '').includes('text/event-stream') && encoding === 'identity';
}

export function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
