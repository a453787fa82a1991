import 'server-only';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config/variables';

export type Log = Logger;

/** Messages may quote what others sent; longer ones fill a log and tell no more. */
const MAX_MESSAGE_CHARACTERS = 2_000;

/** JSON escapes line breaks and ESC; what else steers a terminal or the reading direction is written as its code. */
function toLoggable(message: string): string {
  const short =
    message.length <= MAX_MESSAGE_CHARACTERS
      ? message
      : `${message.slice(0, MAX_MESSAGE_CHARACTERS)}… (${message.length} characters)`;
  return short.replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** One JSON object per line, on the standard output. Errors are logged by name and message; a stack only at debug. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const isDebugging = level === 'debug' || level === 'trace';
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? {
              name: error.name,
              message: toLoggable(error.message),
              ...(isDebugging ? { stack: error.stack } : {}),
            }
          : { message: toLoggable(String(error)) },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** The same message at most this often; in between it is counted. */
const REPEAT_MS = 30_000;

/** Says each kind of trouble once per half minute, with how often it came. A failing source must not flood the log. */
export function createTroubleLog(log: Log, nowMs: () => number): (what: string, error: unknown) => void {
  const seen = new Map<string, { atMs: number; suppressed: number }>();
  return (what, error) => {
    const key = `${what} ${error instanceof Error ? error.message : String(error)}`;
    const last = seen.get(key);
    if (last !== undefined && nowMs() - last.atMs < REPEAT_MS) {
      last.suppressed += 1;
      return;
    }
    if (seen.size > 500) seen.clear();
    seen.set(key, { atMs: nowMs(), suppressed: 0 });
    log.warn({ err: error, timesSinceLast: last?.suppressed ?? 0 }, what);
  };
}
