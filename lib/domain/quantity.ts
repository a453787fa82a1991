/**
 * Kubernetes quantities: `"8010m"`, `"98849Mi"`, `"63214348Ki"`, `"2e3"`, `3`. Answers the plain number
 * (bytes, cores, pieces); `null` for anything that is not a quantity.
 */
export function parseQuantity(raw: string | number | null | undefined): number | null {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(raw.trim());
  if (match === null) return null;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const value = Number(`${digits}${exponent}`);
  const scale = SUFFIX_SCALE[suffix];
  return scale === undefined || !Number.isFinite(value) ? null : value * scale;
}

const SUFFIX_SCALE: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};
