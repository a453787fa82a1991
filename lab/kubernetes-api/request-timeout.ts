/** How long a request may take: what its `timeout` says, at most the API server's own minute. */
import { badRequest } from './status.ts';

const LONGEST_MS = 60_000;

const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's durations: `32s`, `1m30s`, `1.5h`. */
function durationMs(text: string): number | null {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNIT_MS[unit] ?? 0), 0);
}

export function requestLimitMs(query: URLSearchParams): number {
  const text = query.get('timeout') ?? '';
  if (text === '') return LONGEST_MS;
  const asked = durationMs(text);
  if (asked === null) {
    throw badRequest(
      `invalid timeout specified in the request URL - time: invalid duration ${JSON.stringify(text)}`,
    );
  }
  return asked === 0 ? LONGEST_MS : Math.min(asked, LONGEST_MS);
}
