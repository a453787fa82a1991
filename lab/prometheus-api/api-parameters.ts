import { durationMs } from './promql-literals.ts';

/** A parameter that cannot be used: HTTP 400, `bad_data`. */
export class BadParameter extends Error {
  constructor(name: string, problem: string) {
    super(`invalid parameter "${name}": ${problem}`);
  }
}

/** Unix seconds or RFC 3339, in milliseconds. A time that may be left out is refused in words of its own. */
export function timeParameter(parameters: URLSearchParams, name: string, defaultMs: number | null): number {
  const text = parameters.get(name);
  if (text === null || text === '') {
    if (defaultMs !== null) return defaultMs;
    throw new BadParameter(name, `cannot parse "" to a valid timestamp`);
  }
  const seconds = Number(text);
  const timeMs = Number.isFinite(seconds) ? Math.round(seconds * 1000) : Date.parse(text);
  if (Number.isFinite(timeMs)) return timeMs;
  const problem = `cannot parse "${text}" to a valid timestamp`;
  throw new BadParameter(name, defaultMs === null ? problem : `Invalid time value for '${name}': ${problem}`);
}

/** Seconds as a number, or a duration such as `15s`. */
export function stepParameter(parameters: URLSearchParams, name: string): number {
  const text = parameters.get(name) ?? '';
  const plain = text === '' ? Number.NaN : Number(text) * 1000;
  const stepMs = Number.isFinite(plain) ? plain : durationMs(text);
  if (stepMs === null || Number.isNaN(stepMs)) {
    throw new BadParameter(name, `cannot parse "${text}" to a valid duration`);
  }
  if (stepMs > 0) return stepMs;
  throw new BadParameter(
    name,
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  );
}

/** Most entries to return; 0 means no limit. */
export function limitParameter(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '0';
  if (/^\d+$/.test(text)) return Number(text);
  throw new BadParameter(
    'limit',
    text.startsWith('-') ? 'limit must be non-negative' : `invalid limit "${text}"`,
  );
}
