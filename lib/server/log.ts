import 'server-only';
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config/variables';

export type Log = Logger;

/** One JSON object per line. Errors are logged by name and message; a stack only at debug. */
export function createLog(level: LogLevel): Log {
  const isDebugging = level === 'debug' || level === 'trace';
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? { name: error.name, message: error.message, ...(isDebugging ? { stack: error.stack } : {}) }
          : { message: String(error) },
    },
  });
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
