import 'server-only';

/** What one side pushes when it happens and another takes when it can. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** No more will come; what is there is still delivered. */
  close(): void;
  size(): number;
  /** Called whenever an item was taken. */
  onTaken(callback: () => void): void;
}

/** For one producer and one consumer. The producer looks at `size` and holds back; nothing is dropped. */
export function createEventQueue<T>(): EventQueue<T> {
  const items: T[] = [];
  let isClosed = false;
  let wake: (() => void) | null = null;
  let taken: () => void = () => undefined;

  const notify = (): void => {
    wake?.();
    wake = null;
  };

  return {
    push(item) {
      if (isClosed) return;
      items.push(item);
      notify();
    },
    close() {
      isClosed = true;
      notify();
    },
    size: () => items.length,
    onTaken: (callback) => {
      taken = callback;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = items.shift();
        if (next !== undefined) {
          taken();
          yield next;
        } else if (isClosed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
