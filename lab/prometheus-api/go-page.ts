import { goNumber } from '../inference-api/number-text.ts';
import { escapeLabelValue, type Labels } from '../inference-api/page-writer.ts';

export interface GoFamily {
  name: string;
  help: string;
  type: 'gauge' | 'counter';
}

/** Writes a page as exporters written in Go do: labels in the order given, families without series left out. */
export function goPage(families: readonly (GoFamily & { samples: readonly [Labels, number][] })[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(([labels, value]) => `${name}${braced(labels)} ${goNumber(value)}`),
    ]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function braced(labels: Labels): string {
  const list = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabelValue(value)}"`);
  return list.length === 0 ? '' : `{${list.join(',')}}`;
}
