const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** How long something took, in whole seconds: `26 s`, `2 min 41 s`, `1 h 5 min`. A negative span reads as `0 s`. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.round(spanMs / 1_000));
  if (seconds < MINUTE_S) return `${seconds}\u00a0s`;
  if (seconds < HOUR_S) return pair(Math.floor(seconds / MINUTE_S), 'min', seconds % MINUTE_S, 's');
  return pair(Math.floor(seconds / HOUR_S), 'h', Math.floor((seconds % HOUR_S) / MINUTE_S), 'min');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${large}\u00a0${largeUnit}`;
  return small === 0 ? head : `${head} ${small}\u00a0${smallUnit}`;
}
