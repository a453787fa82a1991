import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { MODE_WORDS } from '@/components/ui/provenance-model';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { type ChartModel, inColumnOrder, valueAt } from './chart-model';
import { toMetricWords } from './chart-sheet';
import { type CompareFrame, findChartSeries } from './compare-frame';
import type { PublishedFigures } from './published-figures';

/** What must travel with a picture or a file once it has left the screen. */
export function toProvenanceLines(
  frame: CompareFrame,
  chart: ChartModel,
  published: PublishedFigures | null,
): string[] {
  const { compare } = frame;
  const armLines = ARMS.flatMap((arm) => {
    const series = findChartSeries(frame, chart.id, arm);
    if (series === null) return [];
    const { range } = frame.arms[arm].compare;
    return [
      `${ARM_LOOKS[arm].name}: ${range.from} to ${range.to}, pods ${series.pods.join(' ') || 'none'}, ${series.presence}`,
      `${ARM_LOOKS[arm].name} PromQL: ${series.promql}`,
    ];
  });
  return [
    `${MODE_WORDS[compare.mode]} · ${toMetricWords(chart.id).label} (${chart.title}, ${chart.unit})`,
    `Source: Prometheus, asked by this dashboard at ${compare.observedAt}; step ${compare.stepSeconds} s, rates over ${compare.rateWindowSeconds} s`,
    ...armLines,
    ...chart.plot.levels.map(
      ({ kind, word }) => `${kind === 'target' ? 'TARGET' : 'Published elsewhere'}: ${word}`,
    ),
    ...(published === null
      ? []
      : [`Ghost lines: published elsewhere, ${published.source}; ${published.conditions}`]),
  ];
}

/** One field: quoted, and never a formula for a spreadsheet. */
function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function isoAt(atMs: number, shiftMs: number): string {
  return new Date(atMs - shiftMs).toISOString();
}

/** All values of one chart with where they come from. Times are the arms' own, unknown values are empty. */
export function toChartCsv(
  frame: CompareFrame,
  chart: ChartModel,
  published: PublishedFigures | null,
): string {
  const comments = toProvenanceLines(frame, chart, published).map((line) => `# ${line.replace(/\s+/g, ' ')}`);
  const lines = inColumnOrder(chart.plot.lines);
  const columns = lines.flatMap((line) =>
    line.band.length === 0 ? [line.name] : [line.name, `${line.name} at least`, `${line.name} at most`],
  );
  const shifts = new Set(ARMS.map((arm: Arm) => frame.arms[arm].shiftMs));
  const times = shifts.size === 1 ? ['time'] : ARMS.map((arm) => `time of ${ARM_LOOKS[arm].short}`);
  const rows = chart.times.map((atMs) => {
    const cells = lines.flatMap((line) => {
      const value = valueAt(line, atMs);
      if (line.band.length === 0) return [value];
      const band = line.band.find((known) => known.atMs === atMs);
      return [value, band?.low ?? null, band?.high ?? null];
    });
    const stamps = (shifts.size === 1 ? [ARMS[0]] : ARMS).map((arm) => isoAt(atMs, frame.arms[arm].shiftMs));
    return [...stamps, ...cells].map(field).join(',');
  });
  return `${[...comments, [...times, ...columns].map(field).join(','), ...rows].join('\r\n')}\r\n`;
}
