import 'server-only';
import { type EventFeed, MAX_BACKLOG_BYTES, OPENED, PING, PING_MS } from './event-feed';
import { encodeSseFrame } from './sse';

const encoder = new TextEncoder();

/**
 * Turns a feed of events into a response body, one JSON object per data line. Events are written as they come, not as
 * they are read, so that a slow reader does not delay (and so falsify) what is measured upstream.
 */
export function streamEvents<T>(
  feed: EventFeed<T>,
  requestSignal: AbortSignal,
  pingMs: number = PING_MS,
): ReadableStream<Uint8Array> {
  const leaving = new AbortController();
  let isClosed = false;
  let ping: ReturnType<typeof setInterval> | undefined;
  const leave = (): void => leaving.abort();
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    clearInterval(ping);
    requestSignal.removeEventListener('abort', leave);
    leaving.abort();
  };
  requestSignal.addEventListener('abort', leave);
  if (requestSignal.aborted) leave();

  const pump = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const end = (): void => {
      if (isClosed) return;
      close();
      controller.close();
    };
    const tell = (event: T): void => {
      if (isClosed) return;
      controller.enqueue(encoder.encode(encodeSseFrame({ data: event })));
      if ((controller.desiredSize ?? 0) < -MAX_BACKLOG_BYTES) end();
    };
    try {
      await feed(tell, leaving.signal);
      end();
    } catch (error) {
      if (isClosed) return;
      close();
      controller.error(error);
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(encoder.encode(OPENED));
        ping = setInterval(() => controller.enqueue(encoder.encode(PING)), pingMs);
        void pump(controller);
      },
      cancel: close,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
}
