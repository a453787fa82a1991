'use client';

import { type ReactNode, useState } from 'react';
import { type Crosshair, useCrosshair } from '@/components/charts/crosshair';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { saveFile } from '@/lib/client/save-file';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { ArmReadout } from './arm-readout';
import { toChartCsv } from './chart-csv';
import type { ChartId, WaitUnit } from './chart-looks';
import { toChartLook } from './chart-looks';
import { type ChartModel, valueAt } from './chart-model';
import { toChartPicture } from './chart-picture';
import {
  formatChartValue,
  toBecause,
  toBoundsWords,
  toCaveat,
  toDrawnBounds,
  toPodTail,
} from './chart-values';
import { PlotWithAxis } from './compare-chart';
import { type CompareFrame, findChartMetric, findChartSeries } from './compare-frame';
import { PointsTable } from './points-table';
import type { PublishedFigures } from './published-figures';
import { formatClock } from './status-lines';
import { useChartModel } from './use-chart-model';

const ACTION =
  'rounded-[0.375rem] border-(length:--hair) border-line px-[0.6em] py-[0.2em] text-small whitespace-nowrap no-underline aria-pressed:bg-ink aria-pressed:text-ground';

/** Both arms' queries, to paste into Prometheus or Grafana. */
export function toQueries(frame: CompareFrame, id: ChartId): string {
  return ARMS.flatMap((arm) => {
    const promql = findChartSeries(frame, id, arm)?.promql ?? '';
    return promql === '' ? [] : [`# ${ARM_LOOKS[arm].name}\n${promql}`];
  }).join('\n');
}

function Actions({
  frame,
  chart,
  published,
  isTable,
  onTable,
  onClose,
}: {
  frame: CompareFrame;
  chart: ChartModel;
  published: PublishedFigures | null;
  isTable: boolean;
  onTable: () => void;
  onClose: () => void;
}): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const name = `${chart.id}-${frame.compare.observedAt.replaceAll(':', '-')}-${frame.compare.mode}`;
  const savePicture = (): void => {
    toChartPicture(frame, chart, published).then(
      (picture) => saveFile(`${name}.png`, picture),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  const saveCsv = (): void => {
    const text = toChartCsv(frame, chart, published);
    saveFile(`${name}.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <button type="button" aria-pressed={isTable} onClick={onTable} className={ACTION}>
        Table
      </button>
      <CopyButton text={toQueries(frame, chart.id)} label="Copy PromQL" answersKey className={ACTION} />
      <button type="button" onClick={saveCsv} className={ACTION}>
        CSV
      </button>
      <button type="button" onClick={savePicture} className={ACTION}>
        PNG
      </button>
      <button type="button" onClick={onClose} className={ACTION}>
        Close
      </button>
      {problem !== null && (
        <span role="alert" className="text-fail text-small">
          {problem}
        </span>
      )}
    </div>
  );
}

/** One arm in words: value, bucket, mean, samples, what is wrong; then its pods, roles or reasons. */
function ArmDetails({
  frame,
  chart,
  arm,
  waitUnit,
  crosshair,
}: {
  frame: CompareFrame;
  chart: ChartModel;
  arm: Arm;
  waitUnit: WaitUnit;
  crosshair: Crosshair;
}): ReactNode {
  const series = findChartSeries(frame, chart.id, arm);
  const label = chart.labels.find(({ item }) => item.arm === arm)?.item;
  const look = toChartLook(chart.id, waitUnit);
  if (series === null || label === undefined) return null;
  const bounds = chart.statistic.startsWith('p') ? toDrawnBounds(series, look) : null;
  const write = (value: number): string => `${formatChartValue(value * look.factor, look.unit)} ${look.unit}`;
  const facts = [
    bounds === null ? null : toBoundsWords(bounds, look.unit),
    series.mean === null ? null : `mean ${write(series.mean)} over ${frame.compare.window}`,
    series.samples === null ? null : `n = ${formatDecimal(series.samples, 0)}`,
    toCaveat(series) === null ? null : toBecause(series),
    ...series.warnings,
  ].filter((fact) => fact !== null);
  return (
    <section aria-label={ARM_LOOKS[arm].name} className="border-rule border-t-(length:--stroke) pt-2">
      <h2 className={cn('flex items-center gap-2 font-semibold text-dense', ARM_LOOKS[arm].text)}>
        <ArmMark arm={arm} />
        {ARM_LOOKS[arm].name}
      </h2>
      <ArmReadout label={label} chart={chart} crosshair={crosshair} place="alone" />
      <ul className="text-small">
        {facts.map((fact) => (
          <li key={fact}>
            <UntrustedText text={fact} max={160} />
          </li>
        ))}
      </ul>
      {series.breakdown.length > 0 && (
        <table className="mt-1 w-full text-small">
          <caption className="sr-only">By pod, role or reason</caption>
          <tbody>
            {series.breakdown.map((part) => (
              <tr key={`${part.by} ${part.name}`} className="border-rule border-t-(length:--hair)">
                <th scope="row" className="truncate text-left font-normal text-ink-soft">
                  {part.by}{' '}
                  <UntrustedText text={part.by === 'pod' ? toPodTail(part.name) : part.name} max={24} />
                </th>
                <td className="whitespace-nowrap text-right tabular-nums">
                  {part.latest === null ? 'no value' : write(part.latest)}
                  {part.latestMean !== null && `, mean ${write(part.latestMean)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

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
    <ul className="text-small">
      {chart.plot.levels.map((level) => (
        <li key={`${level.kind} ${level.word}`}>
          <span className="font-semibold">{level.kind === 'target' ? '–·– TARGET' : '··· Published'}</span>{' '}
          <UntrustedText text={level.word} max={160} />
          {level.value > chart.plot.top && ' (above this axis)'}
        </li>
      ))}
      {published !== null && (
        <li className="text-ink-soft">
          {published.source}: {published.conditions}
        </li>
      )}
    </ul>
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
        <Actions
          frame={frame}
          chart={chart}
          published={published}
          isTable={isTable}
          onTable={onTable}
          onClose={onClose}
        />
      </div>
      <div className="grid min-h-0 grow gap-x-8 gap-y-4 @min-[52rem]:grid-cols-[1fr_19rem] stage:grid-cols-[1fr_15rem]">
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
            {chart.marksWord !== null && <p className="text-small">{chart.marksWord}</p>}
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
