/**
 * The values of a closed chunk in as little memory as they need. Most series of a page stand still for minutes,
 * and counters grow by small whole numbers, so the usual cost is zero to two bytes a sample.
 */
export type ValueChunk =
  | { kind: 'constant'; value: number; length: number }
  | { kind: 'offsets'; base: number; offsets: Uint8Array | Uint16Array | Uint32Array }
  | { kind: 'plain'; values: Float64Array };

export function encodeValues(values: readonly number[]): ValueChunk {
  const first = values[0] ?? 0;
  if (values.every((value) => Object.is(value, first))) {
    return { kind: 'constant', value: first, length: values.length };
  }
  let base = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      return { kind: 'plain', values: Float64Array.from(values) };
    base = Math.min(base, value);
    top = Math.max(top, value);
  }
  const span = top - base;
  if (span > 0xffffffff) return { kind: 'plain', values: Float64Array.from(values) };
  const offsets = values.map((value) => value - base);
  if (span <= 0xff) return { kind: 'offsets', base, offsets: Uint8Array.from(offsets) };
  if (span <= 0xffff) return { kind: 'offsets', base, offsets: Uint16Array.from(offsets) };
  return { kind: 'offsets', base, offsets: Uint32Array.from(offsets) };
}

export function valueAt(chunk: ValueChunk, index: number): number {
  switch (chunk.kind) {
    case 'constant':
      return chunk.value;
    case 'offsets':
      return chunk.base + (chunk.offsets[index] ?? 0);
    case 'plain':
      return chunk.values[index] ?? Number.NaN;
    default:
      return chunk satisfies never;
  }
}
