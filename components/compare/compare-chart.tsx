import { memo, type ReactNode } from 'react';
import { LineChart } from '@/components/charts/line-chart';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FigureValue } from '@/components/ui/figure';
import { ProvenanceButton } from '@/components/ui/provenance';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { ARMS } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { type ChartModel, type EndLabel, formatChartValue } from './chart-model';

const LINES = ARMS.map((arm) => ({
  name: ARM_LOOKS[arm].short,
  colour: ARM_LOOKS[arm].stroke,
  dash: ARM_LOOKS[arm].dash,
}));

function Label({ label, title }: { label: EndLabel; title: string }): ReactNode {
  const look = ARM_LOOKS[label.arm];
  if (label.figure.state === 'unknown') {
    return (
      <FigureValue
        label={`${title}, ${look.name}`}
        figure={label.figure}
        size="dense"
        unknownWord={`${look.short}: ${label.word}`}
        className="whitespace-normal text-small leading-tight"
      />
    );
  }
  return (
    <span className={cn('flex flex-col leading-none', look.text)}>
      <FigureValue
        label={`${title}, ${look.name}`}
        figure={label.figure}
        size="figure"
        text={{ digits: label.digits, unit: '' }}
      />
      {label.bounds !== null && (
        <span className="whitespace-nowrap text-small leading-tight">in {label.bounds}</span>
      )}
    </span>
  );
}

/**
 * One metric of both arms on the same axes, values at the ends of the lines. Its title opens how we know it.
 * Memoised: a chart is drawn again only when its own data changed.
 */
export const CompareChart = memo(function CompareChart({
  chart,
  windowWord,
  endWord,
}: {
  chart: ChartModel;
  windowWord: string;
  endWord: string;
}): ReactNode {
  return (
    <section aria-label={chart.title} data-metric={chart.id} className="flex min-h-0 min-w-0 flex-col">
      <h2 className="flex items-baseline justify-between gap-2 text-dense">
        <ProvenanceButton sheet={chart.sheet} className="font-semibold">
          {chart.title}
        </ProvenanceButton>
        <span className="font-text text-small text-ink-soft">{chart.unit}</span>
      </h2>
      <div className="grid min-h-0 grow grid-cols-[1fr_5.6rem] grid-rows-[1fr_auto] gap-x-2 stage:grid-cols-[1fr_4.5rem]">
        <div className="relative min-h-[6rem] stage:min-h-0" aria-hidden="true">
          <span className="absolute top-0 left-0 z-10 text-small text-ink-soft leading-tight">
            {formatDecimal(chart.top, chart.top < 1 ? 1 : 0)}
          </span>
          <span className="absolute bottom-0 left-0 z-10 text-small text-ink-soft leading-tight">0</span>
          <LineChart
            rows={chart.rows}
            lines={LINES}
            from={chart.from}
            to={chart.to}
            top={chart.top}
            formatValue={(value) => `${formatChartValue(value, chart.unit)} ${chart.unit}`}
          />
          {chart.emptyBecause !== null && (
            <p className="absolute inset-0 flex items-center justify-center px-6 text-center text-dense text-ink-soft">
              <UntrustedText text={chart.emptyBecause} max={120} />
            </p>
          )}
        </div>
        <div className="relative">
          {chart.labels.map(({ item, at }) => (
            <div key={item.arm} className="absolute left-0 -translate-y-1/2" style={{ top: `${at * 100}%` }}>
              <Label label={item} title={chart.title} />
            </div>
          ))}
        </div>
        <p className="flex justify-between text-small text-ink-soft leading-tight" aria-hidden="true">
          <span>−{windowWord}</span>
          <span>{endWord}</span>
        </p>
      </div>
    </section>
  );
});
