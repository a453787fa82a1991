import type { Histogram } from './histogram.ts';
import { pythonNumber } from './number-text.ts';

export type Labels = Readonly<Record<string, string>>;

/** Writes a metrics page as Python's client library does: labels sorted, `le` among them, `_created` families. */
export class PythonPage {
  private readonly lines: string[] = [];

  family(name: string, help: string, type: 'gauge' | 'counter' | 'histogram' | 'summary'): void {
    this.lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }

  sample(name: string, labels: Labels, value: number): void {
    this.lines.push(`${name}${labelText(labels)} ${pythonNumber(value)}`);
  }

  histogram(name: string, labels: Labels, histogram: Histogram): void {
    for (const [edge, count] of histogram.cumulative()) {
      this.sample(`${name}_bucket`, { ...labels, le: pythonNumber(edge) }, count);
    }
    this.sample(`${name}_count`, labels, histogram.count);
    this.sample(`${name}_sum`, labels, histogram.sum);
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** `{a="b",…}` in the order of names, nothing without labels. */
export function labelText(labels: Labels): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return '';
  return `{${entries.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',')}}`;
}

export function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
