import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { MODE_WORDS, type Sheet, type SheetRow, type SheetSection } from '@/components/ui/provenance-model';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import { METRICS } from '@/lib/domain/metrics-table';
import { FURTHER_METRICS } from '@/lib/domain/metrics-table-further';
import { ARMS } from '@/lib/domain/vocabulary';
import { formatClockTime } from '@/lib/format/clock-time';
import type { ChartId, ChartLook } from './chart-looks';
import { toBoundsWords, toDrawnBounds, trimNumber } from './chart-values';
import { type CompareFrame, findChartSeries } from './compare-frame';

/** Full name and definition of a metric. */
export function toMetricWords(id: ChartId): { label: string; definition: string } {
  const row = METRICS.find((known) => known.id === id) ?? FURTHER_METRICS.find((known) => known.id === id);
  return { label: row?.label ?? id, definition: row?.definition ?? '' };
}

function armRows(compare: Compare, series: CompareSeries, look: ChartLook): SheetRow[] {
  const rows: SheetRow[] = [
    { kind: 'code', name: 'PromQL', value: series.promql },
    { kind: 'text', name: 'Family', value: series.family ?? 'none found' },
    { kind: 'text', name: 'Pods', value: series.pods.length === 0 ? 'none' : series.pods.join(', ') },
    {
      kind: 'text',
      name: 'Presence',
      value: series.absentBecause === null ? series.presence : `${series.presence}: ${series.absentBecause}`,
    },
    {
      kind: 'text',
      name: 'Samples',
      value: series.samples === null ? 'not known' : String(Math.round(series.samples)),
    },
  ];
  if (series.latestAt !== null) rows.push({ kind: 'time', name: 'Newest sample', value: series.latestAt });
  const bounds = toDrawnBounds(series, look);
  if (bounds !== null) {
    rows.push({
      kind: 'text',
      name: 'Bucket',
      value: `p${compare.percentile} lies ${toBoundsWords(bounds, look.unit)}; the histogram can say no more`,
    });
  }
  if (series.mean !== null) {
    rows.push({
      kind: 'text',
      name: 'Mean',
      value: `${trimNumber(series.mean * look.factor)} ${look.unit} over ${compare.window}`,
    });
  }
  for (const [index, warning] of series.warnings.entries()) {
    rows.push({ kind: 'text', name: index === 0 ? 'Warnings' : `Warning ${index + 1}`, value: warning });
  }
  return rows;
}

/** How we know a chart: query, family, pods, samples, age and warnings of both arms. */
export function toChartSheet(frame: CompareFrame, id: ChartId, look: ChartLook): Sheet {
  const { compare } = frame;
  const { label, definition } = toMetricWords(id);
  const sections = ARMS.flatMap((arm): SheetSection[] => {
    const series = findChartSeries(frame, id, arm);
    const source = frame.arms[arm].compare;
    return series === null ? [] : [{ heading: ARM_LOOKS[arm].name, rows: armRows(source, series, look) }];
  });
  return {
    title: label,
    lead: definition,
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[compare.mode] },
          {
            kind: 'text',
            name: 'Window',
            value: `${formatClockTime(compare.range.from)} to ${formatClockTime(compare.range.to)} (${compare.window}), step ${compare.stepSeconds} s, rates over ${compare.rateWindowSeconds} s`,
          },
          {
            kind: 'text',
            name: 'Scrape interval',
            value:
              compare.scrapeIntervalSeconds === null ? 'not known' : `${compare.scrapeIntervalSeconds} s`,
          },
          { kind: 'time', name: 'Asked', value: compare.observedAt },
        ],
      },
      ...sections,
    ],
  };
}
