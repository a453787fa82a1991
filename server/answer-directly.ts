import type { IncomingMessage, ServerResponse } from 'node:http';

/** A handler in the form of the Fetch API, as Next.js's route handlers have it. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** A body that is given up halfway is read to its end and dropped: destroying it would take the answer's socket along. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      incoming.on('data', (bytes: Buffer) => controller.enqueue(bytes));
      incoming.on('end', () => controller.close());
      incoming.on('error', (error) => controller.error(error));
    },
    cancel: () => {
      for (const event of ['data', 'end', 'error']) incoming.removeAllListeners(event);
      incoming.on('error', () => undefined);
      incoming.resume();
    },
  });
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const init: RequestInit & { duplex: 'half' } = {
    method: incoming.method ?? 'POST',
    headers,
    body: bodyOf(incoming),
    duplex: 'half',
    signal,
  };
  return new Request(new URL(incoming.url ?? '/', `http://${incoming.headers.host}`), init);
}

/** Resolves when the socket takes more, or is gone. */
function untilDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

/**
 * Lets a handler answer a request without Next.js in between: its router takes about two milliseconds per request, which a
 * relay would add to every first token (bench/relay.bench.ts). Whoever leaves, the handler's signal tells it.
 */
export async function answerDirectly(
  handler: FetchHandler,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  const answer = await handler(toRequest(incoming, leaving.signal));
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status);
  response.flushHeaders();
  if (answer.body === null) {
    response.end();
    return;
  }
  const reader = answer.body.getReader();
  response.on('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || response.destroyed) break;
    if (!response.write(value)) await untilDrained(response);
  }
  response.end();
}
