import type { LabelSet } from './label-set.ts';

export interface VectorSample {
  labels: LabelSet;
  value: number;
}

/** Samples of one series in a range. */
export interface RangeSeries {
  labels: LabelSet;
  timesMs: number[];
  values: number[];
}

/** A query that was understood but cannot be carried out: HTTP 422, `execution`. */
export class ExecutionError extends Error {}

/** Remarks that accompany an answer. */
export class Annotations {
  private readonly warningTexts = new Set<string>();
  private readonly infoTexts = new Set<string>();

  warn(text: string): void {
    this.warningTexts.add(`PromQL warning: ${text}`);
  }

  inform(text: string): void {
    this.infoTexts.add(`PromQL info: ${text}`);
  }

  warnings(): string[] {
    return [...this.warningTexts];
  }

  infos(): string[] {
    return [...this.infoTexts];
  }
}

/** A vector in which two series have become the same is an error, never a silent choice. */
export function assertDistinct(samples: readonly VectorSample[]): void {
  const keys = new Set(samples.map(({ labels }) => labels.key));
  if (keys.size < samples.length) {
    throw new ExecutionError('vector cannot contain metrics with the same labelset');
  }
}
