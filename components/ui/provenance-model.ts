import type { Figure, Provenance } from '@/lib/domain/figure';
import type { Mode } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';

/** One line of a sheet: plain words, something to copy, or a moment whose age counts up. */
export type SheetRow =
  | { kind: 'text'; name: string; value: string }
  | { kind: 'code'; name: string; value: string }
  | { kind: 'time'; name: string; value: string };

export interface SheetSection {
  heading: string | null;
  rows: SheetRow[];
}

/** What the provenance sheet shows about one figure or one chart. */
export interface Sheet {
  title: string;
  /** The value, or why there is none. */
  lead: string;
  sections: SheetSection[];
}

export const MODE_WORDS: Record<Mode, string> = {
  live: 'LIVE',
  simulated: 'SIMULATED',
  recorded: 'RECORDED',
  unknown: 'MODE UNKNOWN',
};

const SOURCE_WORDS: Record<Provenance['source'], string> = {
  kubernetes: 'Kubernetes API',
  prometheus: 'Prometheus',
  chat: 'chat relay of this dashboard',
  probe: 'live request',
  browser: 'this browser',
  configuration: 'configuration',
};

const REQUEST_NAMES: Record<Provenance['source'], string> = {
  kubernetes: 'Request',
  prometheus: 'PromQL',
  chat: 'Request',
  probe: 'Request',
  browser: 'Measured on',
  configuration: 'Setting',
};

function toProvenanceRows(provenance: Provenance): SheetRow[] {
  const rows: SheetRow[] = [
    { kind: 'text', name: 'Mode', value: MODE_WORDS[provenance.mode] },
    { kind: 'text', name: 'Source', value: SOURCE_WORDS[provenance.source] },
    { kind: 'code', name: REQUEST_NAMES[provenance.source], value: provenance.request },
  ];
  if (provenance.observedAt !== null)
    rows.push({ kind: 'time', name: 'Observed', value: provenance.observedAt });
  else rows.push({ kind: 'text', name: 'Observed', value: 'not yet' });
  if (provenance.sampleCount !== null) {
    rows.push({ kind: 'text', name: 'Samples', value: String(Math.round(provenance.sampleCount)) });
  }
  if (provenance.note !== null) rows.push({ kind: 'text', name: 'Meaning', value: provenance.note });
  return rows;
}

/** How we know one figure. */
export function toFigureSheet(title: string, figure: Figure): Sheet {
  const lead =
    figure.state === 'known'
      ? formatQuantityLine(figure.value, figure.unit)
      : `Not measured: ${figure.because}`;
  const unit: SheetRow[] = figure.unit === '' ? [] : [{ kind: 'text', name: 'Unit', value: figure.unit }];
  return {
    title,
    lead,
    sections: [{ heading: null, rows: [...toProvenanceRows(figure.provenance), ...unit] }],
  };
}
