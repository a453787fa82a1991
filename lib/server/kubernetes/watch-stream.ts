import 'server-only';
import { z } from 'zod';
import { KubernetesError } from './errors';

/** One line of a watch. https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export type WatchItem =
  | { type: 'applied' | 'deleted'; object: unknown }
  /** Nothing changed up to this version. */
  | { type: 'bookmark'; resourceVersion: string }
  /** The server ended the watch with a Status inside a 200 answer. */
  | { type: 'error'; code: number | null }
  /** A line that is no watch event. */
  | { type: 'malformed' };

/** Objects end at 1.5 MiB in etcd; a line beyond this is not a watch. */
const LONGEST_LINE_CHARACTERS = 16 * 1024 * 1024;

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: z.looseObject({}) }),
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
  }),
  z.object({ type: z.literal('ERROR'), object: z.object({ code: z.number().nullish() }).nullish() }),
]);

/**
 * Splits a watch body into items, however the bytes are cut: mid-line, mid-character, several lines at once.
 * A last line without its line break is dropped, since it may be half an event.
 */
export async function* readWatchItems(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchItem> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    // Only the new text can hold the end of the line: a long line is not searched again and again.
    let lineEnd = text.indexOf('\n');
    if (lineEnd === -1) {
      rest += text;
      if (rest.length > LONGEST_LINE_CHARACTERS) {
        throw new KubernetesError('unreadable', 'The API server sent a line of a watch that does not end.');
      }
      continue;
    }
    let lineStart = 0;
    while (lineEnd !== -1) {
      const line = (rest + text.slice(lineStart, lineEnd)).trim();
      rest = '';
      if (line !== '') yield toItem(line);
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineStart);
    }
    rest = text.slice(lineStart);
  }
}

function toItem(line: string): WatchItem {
  const event = eventSchema.safeParse(parseJson(line));
  if (!event.success) return { type: 'malformed' };
  switch (event.data.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'applied', object: event.data.object };
    case 'DELETED':
      return { type: 'deleted', object: event.data.object };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: event.data.object.metadata.resourceVersion };
    case 'ERROR':
      return { type: 'error', code: event.data.object?.code ?? null };
    default:
      return event.data satisfies never;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
