'use client';

import { memo, type ReactNode, useMemo } from 'react';
import type { Crosshair } from '@/components/charts/crosshair';
import { Plot } from '@/components/charts/plot';
import type { PlotModel } from '@/components/charts/plot-model';
import { useHeld, useInView } from '@/components/charts/use-in-view';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { ArmReadout } from './arm-readout';
import type { ChartId, WaitUnit } from './chart-looks';
import type { ChartModel } from './chart-model';
import type { CompareFrame } from './compare-frame';
import { NextScrape } from './next-scrape';
import type { PublishedFigures } from './published-figures';
import { useChartModel } from './use-chart-model';

/** What is the same for all charts of the screen. */
export interface ChartSetting {
  crosshair: Crosshair;
  labelGap: number;
  waitUnit: WaitUnit;
  published: PublishedFigures | null;
  isSideBySide: boolean;
  startWord: string;
  endWord: string;
  onOpen(id: ChartId): void;
}

/** Labels nearer than this share of the plot's height stand beside each other. */
const LEVEL_GAP = 0.16;
/** Above this share of the axis there is no room over the line: the label stands under it. */
const LEVEL_BELOW = 0.82;

/** Targets name themselves on their own lines, one beside the other where they lie close. */
function LevelLabels({ plot }: { plot: PlotModel }): ReactNode {
  const named = plot.levels.filter(({ label, value }) => label !== null && value <= plot.top);
  return named.map(({ label, value, word }, index) => {
    const isNear = (other: { value: number }): boolean =>
      Math.abs(other.value - value) < plot.top * LEVEL_GAP;
    const before = named.slice(0, index).filter(isNear).length;
    return (
      <span
        key={word}
        className={cn(
          'pointer-events-none absolute z-10 whitespace-nowrap font-semibold text-small leading-none',
          // A halo and no ground: a curve that runs behind the word stays a curve.
          '[text-shadow:0_0_3px_var(--ground),0_0_3px_var(--ground),0_0_5px_var(--ground)]',
          value > plot.top * LEVEL_BELOW ? 'translate-y-[25%]' : '-translate-y-[125%]',
        )}
        style={{ top: `${(1 - value / plot.top) * 100}%`, left: `${3.5 + before * 9}rem` }}
      >
        {label}
      </span>
    );
  });
}

/** The plot with its axis words; both arms, or one of them on the same axes. */
export function PlotWithAxis({
  chart,
  crosshair,
  arm,
}: {
  chart: ChartModel;
  crosshair: Crosshair;
  arm: Arm | null;
}): ReactNode {
  const model = useMemo(() => {
    if (arm === null) return chart.plot;
    const colour = ARM_LOOKS[arm].stroke;
    return {
      ...chart.plot,
      lines: chart.plot.lines.filter(({ key }) => key === arm || key.startsWith(`${arm} `)),
      marks: chart.plot.marks.filter((mark) => mark.colour === colour),
      levels: chart.plot.levels.filter(({ of }) => of === null || of === arm),
    };
  }, [chart, arm]);
  const because = arm === null ? chart.emptyBecause : chart.armEmptyBecause[arm];
  return (
    <div className="relative min-h-[8rem] grow stage:min-h-0" aria-hidden="true">
      <span
        data-axis-top
        className="pointer-events-none absolute top-[3px] left-0 z-10 bg-ground pr-1 text-small text-ink-soft leading-tight"
      >
        {formatDecimal(chart.plot.top, chart.plot.top < 1 ? 1 : 0)}
      </span>
      <span className="pointer-events-none absolute bottom-[4px] left-0 z-10 bg-ground pr-1 text-small text-ink-soft leading-tight">
        0
      </span>
      <Plot model={model} times={chart.times} stepMs={chart.stepMs} crosshair={crosshair} />
      <LevelLabels plot={model} />
      {because !== null && (
        <p className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center px-6 text-center text-dense text-ink-soft leading-tight">
          <span className="line-clamp-3 bg-ground px-2">
            <UntrustedText text={because} max={160} />
          </span>
          <span className="bg-ground px-2">
            <NextScrape />
          </span>
        </p>
      )}
    </div>
  );
}

function TimeWords({ setting, chart }: { setting: ChartSetting; chart: ChartModel }): ReactNode {
  return (
    <p className="flex justify-between gap-2 text-small text-ink-soft leading-tight" aria-hidden="true">
      <span className="whitespace-nowrap">{setting.startWord}</span>
      <span className="truncate">
        {[chart.levelsWord, chart.marksWord].filter((word) => word !== null).join(' · ')}
      </span>
      <span className="whitespace-nowrap">{setting.endWord}</span>
    </p>
  );
}

/** Both arms on the same axes, values at the ends of their lines. */
function Overlay({ chart, setting }: { chart: ChartModel; setting: ChartSetting }): ReactNode {
  return (
    <div className="grid min-h-0 grow grid-cols-[minmax(0,1fr)_6.6rem] grid-rows-[1fr_auto] gap-x-2 stage:grid-cols-[minmax(0,1fr)_5.9rem]">
      <PlotWithAxis chart={chart} crosshair={setting.crosshair} arm={null} />
      <div className="relative">
        {chart.labels.map(({ item, at }) => (
          <div key={item.arm} className="absolute left-0 -translate-y-1/2" style={{ top: `${at * 100}%` }}>
            <ArmReadout label={item} chart={chart} crosshair={setting.crosshair} />
          </div>
        ))}
      </div>
      <TimeWords setting={setting} chart={chart} />
    </div>
  );
}

/** A panel for each arm, one value domain. */
function SideBySide({ chart, setting }: { chart: ChartModel; setting: ChartSetting }): ReactNode {
  const labels = [...chart.labels].sort(({ item }) => (item.arm === 'baseline' ? -1 : 1));
  return (
    <div className="grid min-h-0 grow grid-cols-2 gap-x-6">
      {labels.map(({ item }) => (
        <div key={item.arm} className="flex min-h-0 min-w-0 flex-col">
          <div className={cn('flex items-baseline gap-x-3 text-small', ARM_LOOKS[item.arm].text)}>
            <span className="flex items-center gap-1 whitespace-nowrap font-semibold">
              <ArmMark arm={item.arm} />
              {ARM_LOOKS[item.arm].short}
            </span>
            <ArmReadout label={item} chart={chart} crosshair={setting.crosshair} place="over" />
          </div>
          <PlotWithAxis chart={chart} crosshair={setting.crosshair} arm={item.arm} />
          <TimeWords setting={setting} chart={chart} />
        </div>
      ))}
    </div>
  );
}

/** Mean beside a percentile: `mean 0.11 · 0.10`, in the arms' colours. */
export function Means({ means, unit }: { means: ChartModel['means']; unit: string }): ReactNode {
  return (
    <span className="whitespace-nowrap font-text text-small text-ink-soft tabular-nums">
      {means.length > 0 && 'mean '}
      {means.map(({ arm, digits }) => (
        <span key={arm} className={cn('mr-[0.5em] font-semibold', ARM_LOOKS[arm].text)}>
          <span className="sr-only">{ARM_LOOKS[arm].short} </span>
          {digits}
        </span>
      ))}
      {unit}
    </span>
  );
}

const ChartBody = memo(function ChartBody({
  chart,
  setting,
}: {
  chart: ChartModel;
  setting: ChartSetting;
}): ReactNode {
  return (
    <>
      <h2 className="flex items-baseline justify-between gap-2 text-dense">
        <ProvenanceButton sheet={chart.sheet} className="truncate font-semibold">
          {chart.title}
        </ProvenanceButton>
        <span className="flex shrink-0 items-baseline gap-2">
          <Means means={chart.means} unit={chart.unit} />
          <button
            type="button"
            aria-label={`Open ${chart.title}`}
            onClick={() => setting.onOpen(chart.id)}
            className="self-center text-ink-soft"
          >
            <OpenMark />
          </button>
        </span>
      </h2>
      {setting.isSideBySide ? (
        <SideBySide chart={chart} setting={setting} />
      ) : (
        <Overlay chart={chart} setting={setting} />
      )}
    </>
  );
});

function OpenMark(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="size-[1em] stroke-current" fill="none">
      <path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7" strokeWidth="2.5" />
    </svg>
  );
}

/**
 * One metric of both arms. Its title opens how we know it, its mark opens it large. Out of view it stands still, whatever the
 * other charts do.
 */
export const CompareChart = memo(function CompareChart({
  frame,
  id,
  setting,
}: {
  frame: CompareFrame;
  id: ChartId;
  setting: ChartSetting;
}): ReactNode {
  const [element, isInView] = useInView<HTMLElement>();
  const seen = useHeld(frame, isInView);
  const { labelGap, waitUnit, published } = setting;
  const chart = useChartModel(seen, id, { labelGap, waitUnit, published, isOpened: false });
  return (
    <section
      ref={element}
      aria-label={chart.title}
      data-metric={id}
      className="flex min-h-0 min-w-0 flex-col"
    >
      <ChartBody chart={chart} setting={setting} />
    </section>
  );
});
