'use client';

import type { ReactNode } from 'react';
import { type Crosshair, useCrosshair } from '@/components/charts/crosshair';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { ARMS } from '@/lib/domain/vocabulary';
import { ArmDetails } from './arm-details';
import { ChartActions } from './chart-actions';
import type { ChartId, WaitUnit } from './chart-looks';
import { type ChartModel, toLineWords, valueAt } from './chart-model';
import { formatChartValue } from './chart-values';
import { PlotWithAxis } from './compare-chart';
import { type CompareFrame, findChartMetric } from './compare-frame';
import { PointsTable } from './points-table';
import type { PublishedFigures } from './published-figures';
import { PublishedWords } from './published-words';
import { EventLine, formatClock } from './status-lines';
import { useChartModel } from './use-chart-model';

/** Says the crosshair's moment to those who cannot see it. */
function SpokenMoment({ chart, crosshair }: { chart: ChartModel; crosshair: Crosshair }): ReactNode {
  const atMs = useCrosshair(crosshair);
  const text =
    atMs === null
      ? ''
      : `${formatClock(atMs)}: ${chart.plot.lines
          .filter(({ weight }) => weight === 'main')
          .map((line) => {
            const value = valueAt(line, atMs);
            return `${line.name} ${value === null ? 'no value' : `${formatChartValue(value, chart.unit)} ${chart.unit}`}`;
          })
          .join(', ')}`;
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}

/** Target and ghost lines in words: what they are, and that they are no results of ours. */
function LevelWords({
  chart,
  published,
}: {
  chart: ChartModel;
  published: PublishedFigures | null;
}): ReactNode {
  if (chart.plot.levels.length === 0) return null;
  return (
    <div className="text-small">
      <ul>
        {chart.plot.levels.map((level) => (
          <li key={`${level.kind} ${level.word}`}>
            <span className="font-semibold">{level.kind === 'target' ? '–·– TARGET' : '··· Published'}</span>{' '}
            <UntrustedText text={level.word} max={180} />
            {level.value > chart.plot.top && ' (beyond this axis)'}
          </li>
        ))}
      </ul>
      {published !== null && <PublishedWords published={published} />}
    </div>
  );
}

/** One chart with the whole screen: larger, with its pods, its words, and ways to take it away. */
export function OpenedChart({
  frame,
  id,
  waitUnit,
  published,
  crosshair,
  isSideBySide,
  isTable,
  onTable,
  onClose,
}: {
  frame: CompareFrame;
  id: ChartId;
  waitUnit: WaitUnit;
  published: PublishedFigures | null;
  crosshair: Crosshair;
  isSideBySide: boolean;
  isTable: boolean;
  onTable: () => void;
  onClose: () => void;
}): ReactNode {
  const chart = useChartModel(frame, id, { labelGap: 0.12, waitUnit, published, isOpened: true });
  const metric = findChartMetric(frame.compare, id);
  return (
    <div className="flex min-h-0 grow flex-col gap-3 stage:gap-2" data-opened={id}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h1 className="font-bold text-title">
          <ProvenanceButton sheet={chart.sheet}>{chart.title}</ProvenanceButton>{' '}
          <span className="font-normal font-text text-dense text-ink-soft">
            {chart.unit}
            {metric !== null && metric.better !== 'neither' && `, ${metric.better} is better`}
          </span>
        </h1>
        <ChartActions
          frame={frame}
          chart={chart}
          published={published}
          isTable={isTable}
          onTable={onTable}
          onClose={onClose}
        />
      </div>
      <div className="grid min-h-0 grow gap-x-8 gap-y-4 @min-[52rem]:grid-cols-[minmax(0,1fr)_19rem] stage:grid-cols-[minmax(0,1fr)_15rem]">
        {isTable ? (
          <PointsTable frame={frame} chart={chart} />
        ) : (
          <div className="flex min-h-[20rem] flex-col stage:min-h-0">
            <div className="flex min-h-0 grow gap-6">
              {(isSideBySide ? ARMS : [null]).map((arm) => (
                <PlotWithAxis key={arm ?? 'both'} chart={chart} crosshair={crosshair} arm={arm} />
              ))}
            </div>
            <p className="flex justify-between text-ink-soft text-small tabular-nums" aria-hidden="true">
              {[0, 0.25, 0.5, 0.75, 1].map((share) => (
                <span key={share}>
                  {formatClock(chart.plot.from + share * (chart.plot.to - chart.plot.from))}
                </span>
              ))}
            </p>
            <EventLine
              events={chart.plot.events}
              stepMs={chart.stepMs}
              crosshair={crosshair}
              shiftWords={formatClock}
            />
            <p className="text-ink-soft text-small">
              {[toLineWords(chart), chart.marksWord].filter((word) => word !== null).join(' · ')}
            </p>
            <LevelWords chart={chart} published={published} />
          </div>
        )}
        <ScrollRegion label="In words" className="flex min-h-0 flex-col gap-3 overflow-y-auto">
          {ARMS.map((arm) => (
            <ArmDetails
              key={arm}
              frame={frame}
              chart={chart}
              arm={arm}
              waitUnit={waitUnit}
              crosshair={crosshair}
            />
          ))}
        </ScrollRegion>
      </div>
      <SpokenMoment chart={chart} crosshair={crosshair} />
    </div>
  );
}
