import 'server-only';
import type { PodLogEvent } from '@/lib/contracts/pod-log';
import type { Clock } from '../clock';
import { KubernetesError } from './errors';
import { linkSignal, pause } from './pause';

/** Lines asked for from before; the browser keeps no more either. */
export const TAIL_LINES = 200;
/** A follower is ended here: a log is looked at, not collected. */
export const LIMIT_BYTES = 512 * 1024;
const LIMIT_MS = 10 * 60_000;
const MAX_LINE_CHARACTERS = 1_000;
/** A container that has not started is asked again this often. */
const RETRY_MS = 2_000;

/** The pod and container a log is read of. */
export interface LogTarget {
  namespace: string;
  pod: string;
  container: string;
}

export function logPath({ namespace, pod, container }: LogTarget): string {
  const query = new URLSearchParams({
    container,
    follow: 'true',
    tailLines: String(TAIL_LINES),
    limitBytes: String(LIMIT_BYTES),
  });
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`;
}

export interface PodLogOptions {
  target: LogTarget;
  /** Opens the log; throws a KubernetesError. */
  open(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  signal: AbortSignal;
  clock: Clock;
}

/** Follows one container's log, bounded in lines, bytes and time; ends with exactly one `end` or `error`. */
export async function* followPodLog(options: PodLogOptions): AsyncGenerator<PodLogEvent> {
  const { target, clock } = options;
  const path = logPath(target);
  yield {
    type: 'start',
    pod: target.pod,
    container: target.container,
    request: `GET ${path}`,
    atMost: { lines: TAIL_LINES, bytes: LIMIT_BYTES },
  };
  const link = linkSignal(options.signal);
  let isOverTime = false;
  const cancelLimit = clock.after(LIMIT_MS, () => {
    isOverTime = true;
    link.abort(new Error('the log was followed long enough'));
  });
  try {
    const bytes = yield* openWhenStarted(options, path, link.signal);
    let receivedBytes = 0;
    const lines = createLineSplitter();
    for await (const chunk of bytes) {
      receivedBytes += chunk.byteLength;
      const whole = lines.push(chunk);
      if (whole.length > 0) yield { type: 'lines', lines: whole };
      if (receivedBytes >= LIMIT_BYTES) break;
    }
    const rest = lines.end();
    if (rest.length > 0) yield { type: 'lines', lines: rest };
    yield { type: 'end', because: receivedBytes >= LIMIT_BYTES ? 'too-much' : 'ended' };
  } catch (error) {
    if (options.signal.aborted) return;
    yield isOverTime ? { type: 'end', because: 'too-long' } : toErrorEvent(error, target);
  } finally {
    cancelLimit();
    link.abort(new Error('the log is no longer read'));
    link.release();
  }
}

async function* openWhenStarted(
  { open, clock }: PodLogOptions,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<PodLogEvent, AsyncIterable<Uint8Array>> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await open(path, signal);
    } catch (error) {
      // 400: "container … is waiting to start" (kubernetes-objects §9.9).
      if (!(error instanceof KubernetesError) || error.httpStatus !== 400) throw error;
    }
    if (isFirst) yield { type: 'waiting' };
    await pause(clock, RETRY_MS, signal);
    signal.throwIfAborted();
  }
}

function toErrorEvent(error: unknown, { namespace }: LogTarget): PodLogEvent {
  if (!(error instanceof KubernetesError)) throw error;
  if (error.kind === 'forbidden') {
    return {
      type: 'error',
      code: 'forbidden',
      message: `The right to get pods/log in namespace ${namespace} is missing (component pod-log).`,
    };
  }
  if (error.kind === 'not-found') return { type: 'error', code: 'pod-gone', message: 'That pod is gone.' };
  return { type: 'error', code: error.kind, message: error.message };
}

interface LineSplitter {
  push(chunk: Uint8Array): string[];
  end(): string[];
}

/** Whole lines from bytes cut anywhere, also within a character; what of a line is too long is left out. */
export function createLineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let partial = '';
  const take = (text: string): string[] => {
    const lines = `${partial}${text}`.split('\n');
    // Bounded while it grows: a line without end must not fill the memory.
    partial = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS + 1);
    return lines.map(toVisibleLine);
  };
  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end: () => {
      const lines = take(decoder.decode());
      const rest = partial;
      partial = '';
      return rest === '' ? lines : [...lines, toVisibleLine(rest)];
    },
  };
}

/** Control characters become their pictures (`␛[31m`): a log is text, nobody's terminal obeys it. */
function toVisibleLine(line: string): string {
  const text = line.replace(/\r$/, '');
  const cut = text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return cut.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (character) =>
    character === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + character.charCodeAt(0)),
  );
}
