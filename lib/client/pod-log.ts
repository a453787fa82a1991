import { createParser } from 'eventsource-parser';
import { type PodLogEvent, podLogEventSchema } from '@/lib/contracts/pod-log';
import { problemSchema } from '@/lib/contracts/problem';
import { ownAddress } from './own-address';

/** As many as the server sends from before. */
export const MAX_LOG_LINES = 200;
const MAX_BUFFER_CHARACTERS = 4 * 1024 * 1024;

export interface LogLine {
  /** Counts up while the log is open, so that a line keeps its identity when older ones leave. */
  number: number;
  text: string;
}

/** A log as far as it has come: the newest lines, and how its stream is. */
export interface PodLog {
  state: 'opening' | 'waiting' | 'following' | 'ended' | 'failed';
  container: string | null;
  request: string | null;
  lines: readonly LogLine[];
  /** Why it ended or failed, in words. */
  because: string | null;
}

export const EMPTY_POD_LOG: PodLog = {
  state: 'opening',
  container: null,
  request: null,
  lines: [],
  because: null,
};

const END_WORDS = {
  ended: 'The container has ended, or its log was rotated.',
  'too-long': 'Followed for ten minutes. Open it again to go on.',
  'too-much': 'The limit of this view is reached. Open it again to go on.',
} as const;

/** The next state; the same reference when nothing changed. */
export function applyPodLogEvent(log: PodLog, event: PodLogEvent): PodLog {
  switch (event.type) {
    case 'start':
      return { ...log, container: event.container, request: event.request };
    case 'waiting':
      return log.state === 'waiting' ? log : { ...log, state: 'waiting' };
    case 'lines': {
      const first = (log.lines.at(-1)?.number ?? 0) + 1;
      const added = event.lines.map((text, index) => ({ number: first + index, text }));
      return { ...log, state: 'following', lines: [...log.lines, ...added].slice(-MAX_LOG_LINES) };
    }
    case 'end':
      return { ...log, state: 'ended', because: END_WORDS[event.because] };
    case 'error':
      return { ...log, state: 'failed', because: event.message };
    default:
      return event satisfies never;
  }
}

function failed(message: string): PodLogEvent {
  return { type: 'error', code: 'lost', message };
}

const LOST = failed('The connection to the dashboard was lost. Open the log again.');

async function refusalOf(response: Response): Promise<PodLogEvent> {
  const body: unknown = await response.json().catch(() => null);
  const problem = problemSchema.safeParse(body);
  return failed(problem.success ? problem.data.error.message : `The dashboard answered ${response.status}.`);
}

function parseEvent(data: string): PodLogEvent {
  try {
    return podLogEventSchema.parse(JSON.parse(data));
  } catch {
    return failed('The dashboard sent something this page cannot read.');
  }
}

/** Follows the log of one pod until its last event; aborting `signal` ends it silently. */
export async function* openPodLog(
  uid: string,
  signal: AbortSignal,
  fetchFrom: typeof fetch = fetch,
): AsyncGenerator<PodLogEvent> {
  try {
    const address = `${ownAddress('/api/placement/log')}?${new URLSearchParams({ uid })}`;
    const response = await fetchFrom(address, { headers: { accept: 'text/event-stream' }, signal });
    if (!response.ok || response.body === null) {
      yield await refusalOf(response);
      return;
    }
    let events: PodLogEvent[] = [];
    const parser = createParser({
      maxBufferSize: MAX_BUFFER_CHARACTERS,
      onEvent: ({ data }) => events.push(parseEvent(data)),
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (value !== undefined) parser.feed(decoder.decode(value, { stream: true }));
      for (const event of events) {
        yield event;
        if (event.type === 'end' || event.type === 'error') return;
      }
      events = [];
      if (done) break;
    }
    yield LOST;
  } catch {
    if (!signal.aborted) yield LOST;
  }
}
