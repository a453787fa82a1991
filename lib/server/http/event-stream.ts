import 'server-only';
import { encodeSseFrame } from './sse';

/** A comment this often keeps proxies from cutting a silent stream. */
export const PING_MS = 5_000;
/** A reader further behind than this is given up, so that one slow browser cannot fill the memory. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

const encoder = new TextEncoder();
const OPENED = encoder.encode(': open\n\n');
const PING = encoder.encode(': ping\n\n');

/**
 * Turns a stream of events into a response body, one JSON object per data line. Events are written as they come, not as
 * they are read, so that a slow reader does not delay (and so falsify) what is measured upstream. `produce` gets a signal that
 * aborts when the reader leaves, by whichever way.
 */
export function streamEvents(
  produce: (signal: AbortSignal) => AsyncIterable<unknown>,
  requestSignal: AbortSignal,
  onClosed: () => void,
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
    onClosed();
  };
  requestSignal.addEventListener('abort', leave);
  if (requestSignal.aborted) leave();

  const pump = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      for await (const event of produce(leaving.signal)) {
        if (isClosed) return;
        controller.enqueue(encoder.encode(encodeSseFrame({ data: event })));
        if ((controller.desiredSize ?? 0) < -MAX_BACKLOG_BYTES) break;
      }
      if (!isClosed) controller.close();
    } catch (error) {
      if (!isClosed) controller.error(error);
    } finally {
      close();
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(OPENED);
        ping = setInterval(() => controller.enqueue(PING), pingMs);
        void pump(controller);
      },
      cancel: close,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
}
