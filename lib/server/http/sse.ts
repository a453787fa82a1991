import 'server-only';

/** Headers that say "this is a stream" to browsers and proxies, in one place (platform-pitfalls §3 N6, §4). */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

export interface SseFrame {
  event?: string;
  id?: string;
  /** Milliseconds the browser waits before it reconnects. */
  retryMs?: number;
  data: unknown;
}

/** One event as text; the data is one line of JSON. */
export function encodeSseFrame(frame: SseFrame): string {
  const data = `data: ${JSON.stringify(frame.data)}\n\n`;
  const lines: string[] = [];
  if (frame.retryMs !== undefined) lines.push(`retry: ${frame.retryMs}`);
  if (frame.id !== undefined) lines.push(`id: ${frame.id}`);
  if (frame.event !== undefined) lines.push(`event: ${frame.event}`);
  return lines.length === 0 ? data : `${lines.join('\n')}\n${data}`;
}
