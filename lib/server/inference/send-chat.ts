import 'server-only';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Clock } from '@/lib/server/clock';
import { type AnswerBody, createAnswerBody } from './answer-body';

/** A request on its way, and the means to end it. */
export interface SentChat {
  /** Just before it left, on the monotonic clock. */
  sentAtMs: number;
  /** Settles with the answer's head. */
  answer: Promise<ChatAnswer>;
  /** Closes the connection at once: the engine stops generating when its client is gone (platform-pitfalls §5). */
  abort(): void;
}

/** The head of an answer, and its body under way. */
export interface ChatAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: AnswerBody;
}

export interface ChatTarget {
  url: URL;
  dispatcher: Dispatcher;
  /** The model's own key: the only credential that ever goes there. */
  apiKey: string | null;
  requestId: string;
}

const ABORTED = new Error('The request was aborted.');

/**
 * Sends at once. No limits of undici's own: waiting for a first token is not a dead connection. undici's `dispatch` and not its
 * `request`, which makes a promise, a signal and a stream per question, and takes a stream's turn per token
 * (docs/decisions/0225).
 */
export function sendChat(target: ChatTarget, body: string, clock: Clock): SentChat {
  const { url } = target;
  const { promise, resolve, reject } = Promise.withResolvers<ChatAnswer>();
  // Whoever awaits the answer sees the error; nobody may be there yet.
  promise.catch(() => undefined);
  const bytes = createAnswerBody();
  let controller: Dispatcher.DispatchController | null = null;
  let isAborted = false;

  const sentAtMs = clock.monotonic();
  target.dispatcher.dispatch(
    {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
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
    },
    {
      onRequestStart: (started) => {
        if (isAborted) started.abort(ABORTED);
        controller = started;
      },
      onResponseStart: (_controller, status, headers) => {
        // Interim answers (1xx) announce the real one.
        if (status >= 200) resolve({ status, headers, body: bytes });
      },
      onResponseData: (_controller, piece) => bytes.push(piece),
      onResponseEnd: () => bytes.end(),
      onResponseError: (_controller, error) => {
        reject(error);
        bytes.fail();
      },
    },
  );
  return {
    sentAtMs,
    answer: promise,
    abort: () => {
      isAborted = true;
      // Still waiting for a connection: it will be given up when it is there, and nobody waits for that.
      if (controller === null) reject(ABORTED);
      else controller.abort(ABORTED);
    },
  };
}

/** The engine took the question: a stream of events follows. */
export function isEventStream({ headers }: ChatAnswer): boolean {
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  return (headerOf(headers, 'content-type') ?? '').includes('text/event-stream') && encoding === 'identity';
}

export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
