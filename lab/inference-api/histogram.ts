/** Cumulative histogram over fixed edges, as both client libraries keep it. */
export class Histogram {
  readonly edges: readonly number[];
  /** Observations per bucket, not cumulative; the last is above every edge. */
  private readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(edges: readonly number[]) {
    this.edges = edges;
    this.counts = new Array(edges.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = this.edges.findIndex((edge) => value <= edge);
    if (bucket < 0) bucket = this.edges.length;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
    this.count++;
  }

  /** Upper edge (infinite for the last) and the number of observations up to it. */
  *cumulative(): Generator<[edge: number, count: number]> {
    let total = 0;
    for (const [index, count] of this.counts.entries()) {
      total += count;
      yield [this.edges[index] ?? Number.POSITIVE_INFINITY, total];
    }
  }
}
