/** A sample value as the HTTP API writes it: Go's shortest form, exponents only below 10⁻⁶ and from 10²¹. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Milliseconds as Unix seconds, `1763973122.05` style, three digits when there are any. */
export function formatTimeSeconds(timeMs: number): string {
  const seconds = Math.trunc(timeMs / 1000);
  const fraction = Math.abs(timeMs % 1000);
  return fraction === 0 ? String(seconds) : `${seconds}.${String(fraction).padStart(3, '0')}`;
}
