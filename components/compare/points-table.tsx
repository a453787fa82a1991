import type { ReactNode } from 'react';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { type ChartModel, inColumnOrder, valueAt } from './chart-model';
import { formatChartValue, toBoundsWords } from './chart-values';
import type { CompareFrame } from './compare-frame';
import { formatClock } from './status-lines';

/** Every point of one chart, newest first: what the picture draws, as text. */
export function PointsTable({ frame, chart }: { frame: CompareFrame; chart: ChartModel }): ReactNode {
  const lines = inColumnOrder(chart.plot.lines);
  return (
    <ScrollRegion label={`Values of ${chart.title}`} className="min-h-0 overflow-auto">
      <table className="w-full border-collapse text-left text-dense tabular-nums">
        <caption className="sr-only">
          {chart.title}, {chart.unit}, over {frame.compare.window}
        </caption>
        <thead>
          <tr className="border-ink border-b-(length:--stroke) text-small">
            <th scope="col" className="py-1 pr-4">
              {frame.isAligned ? 'Since the start' : 'Time'}
            </th>
            {lines.map((line) => (
              <th key={line.key} scope="col" className="py-1 pr-4" style={{ color: line.colour }}>
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...chart.times].reverse().map((atMs) => (
            <tr key={atMs} className="border-rule border-b-(length:--hair)">
              <th scope="row" className="pr-4 font-normal text-ink-soft">
                {frame.isAligned ? `${Math.round((atMs - frame.from) / 1_000)} s` : formatClock(atMs)}
              </th>
              {lines.map((line) => {
                const value = valueAt(line, atMs);
                const band = line.band.find((known) => known.atMs === atMs);
                return (
                  <td key={line.key} className="pr-4">
                    {value === null ? (
                      <span className="text-ink-soft text-small">no value</span>
                    ) : (
                      formatChartValue(value, chart.unit)
                    )}
                    {band !== undefined && (
                      <span className="text-ink-soft text-small">
                        {' '}
                        {toBoundsWords([band.low, band.high], chart.unit)}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
