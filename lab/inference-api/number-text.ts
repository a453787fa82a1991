/** How the two client libraries print numbers on a metrics page; scrapers read both, people notice the difference. */

/** Python's client (metrics §2.1): `11208.0`, `4.04242432e+09`, and `1.9392065536e+010` from 10¹⁰ on. */
export function pythonNumber(value: number): string {
  const special = notFinite(value);
  if (special !== null) return special;
  const text = pythonFloat(value);
  const point = text.indexOf('.');
  if (value > 0 && point > 6) {
    const mantissa = `${text[0]}.${text.slice(1, point)}${text.slice(point + 1)}`.replace(/[.0]+$/, '');
    return `${mantissa}e+0${point - 1}`;
  }
  return text;
}

/** Go's client: shortest form, exponent below 10⁻⁴ and from 10²¹, except that large values switch at 10⁶. */
export function goNumber(value: number): string {
  const special = notFinite(value);
  if (special !== null) return special;
  if (value === 0) return '0';
  const exponent = Math.floor(Number(value.toExponential().split('e')[1]));
  return exponent < -4 || exponent >= 6 ? padExponent(value.toExponential()) : decimal(value);
}

function pythonFloat(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) return padExponent(value.toExponential());
  const text = decimal(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Positional notation; JavaScript itself switches to an exponent below 10⁻⁶. */
function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponentText = '0'] = text.split('e');
  const digits = mantissa.replace(/[-.]/g, '');
  return `${value < 0 ? '-' : ''}0.${'0'.repeat(-Number(exponentText) - 1)}${digits}`;
}

function padExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function notFinite(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : null;
}
