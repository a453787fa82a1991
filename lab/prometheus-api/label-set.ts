export const METRIC_NAME = '__name__';

/** Labels of a series or a result: immutable, sorted by name, with one text that identifies them. */
export class LabelSet {
  readonly entries: readonly (readonly [name: string, value: string])[];
  readonly key: string;

  private constructor(entries: readonly (readonly [string, string])[]) {
    this.entries = entries;
    this.key = entries.map(([name, value]) => `${name}\u0000${value}`).join('\u0001');
  }

  /** Labels with an empty value are the same as absent ones. */
  static of(labels: Iterable<readonly [string, string]>): LabelSet {
    const entries = [...labels].filter(([, value]) => value !== '');
    return new LabelSet(entries.sort(([a], [b]) => compareText(a, b)));
  }

  static from(labels: Readonly<Record<string, string>>): LabelSet {
    return LabelSet.of(Object.entries(labels));
  }

  /** The value, empty when the label is absent. */
  get(name: string): string {
    return this.entries.find(([candidate]) => candidate === name)?.[1] ?? '';
  }

  keep(names: readonly string[]): LabelSet {
    return new LabelSet(this.entries.filter(([name]) => names.includes(name)));
  }

  without(names: readonly string[]): LabelSet {
    return new LabelSet(this.entries.filter(([name]) => !names.includes(name)));
  }

  with(name: string, value: string): LabelSet {
    return LabelSet.of([...this.without([name]).entries, [name, value]]);
  }

  withoutName(): LabelSet {
    return this.entries.some(([name]) => name === METRIC_NAME) ? this.without([METRIC_NAME]) : this;
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.entries);
  }

  /** As Prometheus prints labels in messages: `{a="b", c="d"}`. */
  toString(): string {
    return `{${this.entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
  }
}

export const NO_LABELS = LabelSet.of([]);

/** Order of Prometheus: by names and values in turn, the shorter set first. */
export function compareLabels(a: LabelSet, b: LabelSet): number {
  for (let index = 0; index < Math.min(a.entries.length, b.entries.length); index++) {
    const [nameA = '', valueA = ''] = a.entries[index] ?? [];
    const [nameB = '', valueB = ''] = b.entries[index] ?? [];
    const order = compareText(nameA, nameB) || compareText(valueA, valueB);
    if (order !== 0) return order;
  }
  return a.entries.length - b.entries.length;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
