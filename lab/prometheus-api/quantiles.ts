/** Quantile of plain values: weighted between the two nearest ranks. */
export function quantileOf(quantile: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  // NaN sorts first, as in Prometheus.
  const sorted = [...values].sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b));
  const rank = quantile * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}

export interface Bucket {
  upperBound: number;
  /** Cumulative. */
  count: number;
}

export interface BucketQuantile {
  value: number;
  /** The buckets decreased somewhere and were raised to a monotonic series first. */
  wasForcedMonotonic: boolean;
}

/** Relative difference of neighbouring buckets that is taken for a rounding error. */
const ROUNDING_TOLERANCE = 1e-12;

/** `histogram_quantile` for classic buckets: linear inside the bucket, the lower bound of the first being 0. */
export function bucketQuantile(quantile: number, given: readonly Bucket[]): BucketQuantile {
  const plain = (value: number): BucketQuantile => ({ value, wasForcedMonotonic: false });
  if (Number.isNaN(quantile)) return plain(Number.NaN);
  if (quantile < 0) return plain(Number.NEGATIVE_INFINITY);
  if (quantile > 1) return plain(Number.POSITIVE_INFINITY);
  const buckets = coalesced(given);
  if (buckets.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return plain(Number.NaN);
  forgiveRounding(buckets);
  const wasForcedMonotonic = forceMonotonic(buckets);
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0 || Number.isNaN(observations)) return plain(Number.NaN);

  const rank = quantile * observations;
  let index = buckets.findIndex(({ count }) => count >= rank);
  if (index < 0) index = buckets.length - 1;
  const result = (value: number): BucketQuantile => ({ value, wasForcedMonotonic });
  if (index === buckets.length - 1) return result(buckets.at(-2)?.upperBound ?? Number.NaN);
  const bucket = buckets[index] ?? { upperBound: Number.NaN, count: Number.NaN };
  if (index === 0 && bucket.upperBound <= 0) return result(bucket.upperBound);
  const below = buckets[index - 1] ?? { upperBound: 0, count: 0 };
  const share = (rank - below.count) / (bucket.count - below.count);
  return result(below.upperBound + (bucket.upperBound - below.upperBound) * share);
}

/** Sorted copies, buckets of the same bound added up. */
function coalesced(given: readonly Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { upperBound, count } of [...given].sort((a, b) => a.upperBound - b.upperBound || 0)) {
    const last = buckets.at(-1);
    if (last !== undefined && last.upperBound === upperBound) last.count += count;
    else buckets.push({ upperBound, count });
  }
  return buckets;
}

function forgiveRounding(buckets: readonly Bucket[]): void {
  let previous = buckets[0]?.count ?? 0;
  for (const bucket of buckets.slice(1)) {
    const difference = Math.abs(bucket.count - previous);
    if (difference === 0) continue;
    if (difference / bucket.count <= ROUNDING_TOLERANCE) bucket.count = previous;
    else previous = bucket.count;
  }
}

function forceMonotonic(buckets: readonly Bucket[]): boolean {
  let highest = buckets[0]?.count ?? 0;
  let wasForced = false;
  for (const bucket of buckets.slice(1)) {
    if (bucket.count > highest) highest = bucket.count;
    else if (bucket.count < highest) {
      bucket.count = highest;
      wasForced = true;
    }
  }
  return wasForced;
}
