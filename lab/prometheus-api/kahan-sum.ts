/** Compensated (Neumaier) summation, as Prometheus sums: the result does not depend on how small the parts are. */
export class KahanSum {
  private sum = 0;
  private compensation = 0;

  add(value: number): void {
    const next = this.sum + value;
    if (!Number.isFinite(next)) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - next + value;
    else this.compensation += value - next + this.sum;
    this.sum = next;
  }

  total(): number {
    return this.sum + this.compensation;
  }
}

export function sumOf(values: Iterable<number>): number {
  const sum = new KahanSum();
  for (const value of values) sum.add(value);
  return sum.total();
}

/** Population variance in one pass, compensated. NaN for no values. */
export function varianceOf(values: readonly number[]): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (const [index, value] of values.entries()) {
    const delta = value - mean.total();
    mean.add(delta / (index + 1));
    squares.add(delta * (value - mean.total()));
  }
  return squares.total() / values.length;
}
