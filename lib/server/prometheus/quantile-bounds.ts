import 'server-only';
import { toNumber } from './to-series';
import type { WireQueryData } from './wire';

/** One cumulative bucket of a classic histogram: how much lies at or below its upper edge. */
interface Bucket {
  upperEdge: number;
  cumulative: number;
}

/** Edges as Go and Python clients spell them: `1`, `1.0`, `+Inf`. */
function toBuckets(data: WireQueryData): Bucket[] {
  if (data.resultType !== 'vector') return [];
  const buckets = data.result.flatMap(({ metric, value }) => {
    const upperEdge = metric.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(metric.le ?? Number.NaN);
    const cumulative = value === undefined ? null : toNumber(value[1]);
    return Number.isNaN(upperEdge) || cumulative === null ? [] : [{ upperEdge, cumulative }];
  });
  return buckets.sort((a, b) => a.upperEdge - b.upperEdge);
}

/**
 * Edges of the bucket that holds the quantile: all that a histogram really says about it (metrics §8). Prometheus
 * interpolates between them. `null` without observations, and where the quantile lies in the bucket without upper edge.
 */
export function quantileBounds(data: WireQueryData, quantile: number): [number, number] | null {
  const buckets = toBuckets(data);
  const total = buckets.at(-1)?.cumulative ?? 0;
  if (buckets.at(-1)?.upperEdge !== Number.POSITIVE_INFINITY || total <= 0) return null;
  const rank = quantile * total;
  const index = buckets.findIndex((bucket) => bucket.cumulative >= rank);
  const holder = buckets[index];
  if (holder === undefined || !Number.isFinite(holder.upperEdge)) return null;
  return [buckets[index - 1]?.upperEdge ?? 0, holder.upperEdge];
}

/** The finite upper edges of a histogram's buckets, ascending; `null` where there are no buckets. */
export function bucketEdges(data: WireQueryData): number[] | null {
  const edges = toBuckets(data)
    .map(({ upperEdge }) => upperEdge)
    .filter((edge) => Number.isFinite(edge));
  return edges.length === 0 ? null : [...new Set(edges)];
}
