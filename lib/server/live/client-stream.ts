import 'server-only';

/** A reader that is this far behind gets one fresh snapshot instead of what it missed. */
export const MAX_UNSENT_BYTES = 64 * 1024;

export interface ClientStream {
  body: ReadableStream<Uint8Array>;
  /** Sends at once, or marks the client as behind when it does not read. */
  send(bytes: Uint8Array): void;
  /** Sends even to a client that is behind: the last words before a close. */
  close(lastWords?: Uint8Array): void;
  readonly isClosed: boolean;
}

/**
 * One browser's side of the live stream, with a bounded buffer. `catchUp` makes the bytes that bring a client up to
 * date after it fell behind; `onClosed` is called exactly once, whoever ends the stream.
 */
export function createClientStream(catchUp: () => Uint8Array, onClosed: () => void): ClientStream {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let isBehind = false;
  let isClosed = false;
  const end = (): void => {
    if (isClosed) return;
    isClosed = true;
    controller = null;
    onClosed();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (created) => {
        controller = created;
      },
      pull: (ready) => {
        if (!isBehind || (ready.desiredSize ?? 0) < MAX_UNSENT_BYTES) return;
        isBehind = false;
        ready.enqueue(catchUp());
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNSENT_BYTES }),
  );
  return {
    body,
    send: (bytes) => {
      if (controller === null || isBehind) return;
      if ((controller.desiredSize ?? 0) <= 0) {
        isBehind = true;
        return;
      }
      controller.enqueue(bytes);
    },
    close: (lastWords) => {
      if (controller !== null) {
        const open = controller;
        if (lastWords !== undefined) open.enqueue(lastWords);
        open.close();
      }
      end();
    },
    get isClosed() {
      return isClosed;
    },
  };
}
