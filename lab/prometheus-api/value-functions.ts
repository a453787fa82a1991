/** Functions that map each value of an instant vector; scalar parameters follow it. Null drops the sample. */
export type ValueFunction = (value: number, parameters: readonly number[]) => number | null;

const utcDate = (value: number): Date => new Date(Math.trunc(value) * 1000);
const DAY_MS = 86_400_000;

/** Go's: an infinity that decides the matter does so even against NaN. */
function larger(a: number, b: number): number {
  return a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(a, b);
}

function smaller(a: number, b: number): number {
  return -larger(-a, -b);
}

function clamped(value: number, least: number, most: number): number {
  return larger(least, smaller(most, value));
}

/** Go rounds half away from zero only by this formula; `toNearest` defaults to 1. */
function rounded(value: number, toNearest: number): number {
  const inverse = 1 / toNearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

export const VALUE_FUNCTIONS = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  sqrt: Math.sqrt,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sgn: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  deg: (value) => (value * 180) / Math.PI,
  rad: (value) => (value * Math.PI) / 180,
  round: (value, [toNearest = 1]) => rounded(value, toNearest),
  clamp: (value, [least = Number.NaN, most = Number.NaN]) =>
    most < least ? null : clamped(value, least, most),
  clamp_min: (value, [least = Number.NaN]) => larger(least, value),
  clamp_max: (value, [most = Number.NaN]) => smaller(most, value),
} as const satisfies Record<string, ValueFunction>;

/** Parts of a time in UTC; without an argument they take the time of evaluation. */
export const TIME_FUNCTIONS = {
  minute: (value) => utcDate(value).getUTCMinutes(),
  hour: (value) => utcDate(value).getUTCHours(),
  day_of_week: (value) => utcDate(value).getUTCDay(),
  day_of_month: (value) => utcDate(value).getUTCDate(),
  day_of_year: (value) => {
    const date = utcDate(value);
    return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
  },
  days_in_month: (value) => {
    const date = utcDate(value);
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  },
  month: (value) => utcDate(value).getUTCMonth() + 1,
  year: (value) => utcDate(value).getUTCFullYear(),
} as const satisfies Record<string, ValueFunction>;
