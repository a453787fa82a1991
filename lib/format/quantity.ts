/** A number as it is read: the digits and, apart, the unit. Digits change; the unit keeps its place. */
export interface QuantityText {
  digits: string;
  unit: string;
}

/** U+202F groups thousands without breaking the line (SI style, safe in every language). */
const THIN_SPACE = '\u202f';
const MINUS = '\u2212';

/** `1234.5` with two decimals → `1 234.50`, with a true minus sign. */
export function formatDecimal(value: number, decimals: number): string {
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const isNegative = value < 0 && Number(fixed) !== 0;
  return `${isNegative ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Three significant digits below 100, none after the point above: what can be read from the back row. */
export function formatSignificant(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return formatDecimal(value, 0);
  if (size >= 10) return formatDecimal(value, 1);
  return formatDecimal(value, 2);
}

function duration(milliseconds: number): QuantityText {
  const size = Math.abs(milliseconds);
  if (size < 99.5)
    return { digits: formatDecimal(milliseconds, size > 0 && size < 9.95 ? 1 : 0), unit: 'ms' };
  const seconds = milliseconds / 1_000;
  return { digits: formatDecimal(seconds, size < 99_950 ? (size < 9_995 ? 2 : 1) : 0), unit: 's' };
}

/**
 * A value in its unit → digits and the unit a reader expects. Known units: `s`, `ms` (shown as ms below 0.1 s, else
 * as s), `ratio` (shown as percent); whatever else keeps its unit.
 */
export function formatQuantity(value: number, unit: string): QuantityText {
  switch (unit) {
    case 's':
      return duration(value * 1_000);
    case 'ms':
      return duration(value);
    case 'ratio':
      return {
        digits: formatDecimal(value * 100, Math.abs(value) < 0.0995 && value !== 0 ? 1 : 0),
        unit: '%',
      };
    case 'tokens':
    case 'requests':
    case '':
      return { digits: formatDecimal(value, Number.isInteger(value) ? 0 : 1), unit };
    default:
      return { digits: formatSignificant(value), unit };
  }
}

/**
 * Values side by side in one unit: durations of which one needs seconds are all shown in seconds, because `85 ms` beside
 * `0.19 s` compares nothing at first sight. `null` stays `null`.
 */
export function formatTogether(values: readonly (number | null)[], unit: string): (QuantityText | null)[] {
  const texts = values.map((value) => (value === null ? null : formatQuantity(value, unit)));
  const units = new Set(texts.flatMap((text) => (text === null ? [] : [text.unit])));
  if (units.size <= 1) return texts;
  const toSeconds = unit === 'ms' ? 1 / 1_000 : 1;
  return values.map((value) =>
    value === null
      ? null
      : { digits: formatDecimal(value * toSeconds, value * toSeconds < 10 ? 3 : 1), unit: 's' },
  );
}

/** Milliseconds always in seconds, so that two lanes compare at first sight: `1.84 s`, `0.093 s`. */
export function formatSeconds(milliseconds: number): QuantityText {
  const seconds = milliseconds / 1_000;
  const decimals = seconds < 0.0995 ? 3 : seconds < 9.995 ? 2 : 1;
  return { digits: formatDecimal(seconds, decimals), unit: 's' };
}

/** Digits and unit in one line, joined by a no-break space. */
export function formatQuantityLine(value: number, unit: string): string {
  const text = formatQuantity(value, unit);
  return text.unit === '' ? text.digits : `${text.digits}\u00a0${text.unit}`;
}
