'use client';

import type { ReactNode } from 'react';
import { type Crosshair, useCrosshair } from '@/components/charts/crosshair';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FigureValue } from '@/components/ui/figure';
import type { Arm } from '@/lib/domain/vocabulary';
import { type ChartModel, type EndLabel, valueAt } from './chart-model';
import { formatChartValue, toBoundsShort } from './chart-values';

/** Value and bounds of an arm at the shared moment; `null` where nobody points. */
function usePointed(
  chart: ChartModel,
  arm: Arm,
  crosshair: Crosshair,
): { digits: string | null; bounds: string | null } | null {
  const atMs = useCrosshair(crosshair);
  const line = chart.plot.lines.find(({ key }) => key === arm);
  if (atMs === null || line === undefined) return null;
  const value = valueAt(line, atMs);
  const band = line.band.find((known) => known.atMs === atMs);
  return {
    digits: value === null ? null : formatChartValue(value, chart.unit),
    bounds: band === undefined ? null : toBoundsShort([band.low, band.high]),
  };
}

function Bounds({ text }: { text: string | null }): ReactNode {
  return text === null ? null : <span className="whitespace-nowrap text-small leading-tight">{text}</span>;
}

/**
 * One arm's value beside its line: the newest one, or that of the moment pointed at, in the same place and size, so that
 * nothing jumps.
 */
export function ArmReadout({
  label,
  chart,
  crosshair,
  place = 'beside',
}: {
  label: EndLabel;
  chart: ChartModel;
  crosshair: Crosshair;
  /** Beside the end of its line, in one line over its own panel, or alone and large, its bounds told elsewhere. */
  place?: 'beside' | 'over' | 'alone';
}): ReactNode {
  const look = ARM_LOOKS[label.arm];
  const pointed = usePointed(chart, label.arm, crosshair);
  const frame = cn('flex leading-none', look.text, place === 'over' ? 'items-baseline gap-x-2' : 'flex-col');
  if (pointed !== null) {
    return (
      <span className={frame}>
        <span
          className={cn(
            'font-bold font-display tabular-nums tracking-[-0.015em]',
            place === 'alone' ? 'text-hero' : 'text-figure',
          )}
        >
          {pointed.digits ?? '–'}
        </span>
        <Bounds text={pointed.bounds} />
      </span>
    );
  }
  if (label.figure.state === 'unknown') {
    return (
      <span className="flex flex-col leading-tight">
        <FigureValue
          label={`${chart.title}, ${look.name}`}
          figure={label.figure}
          size="small"
          unknownWord={place === 'beside' ? `${look.short}: ${label.word}` : label.word}
          className={cn('[&>span]:leading-tight', place === 'beside' && 'whitespace-normal')}
        />
        {label.oldSince !== null && (
          <span className="text-ink-soft text-small">
            for <Age since={label.oldSince} />
          </span>
        )}
      </span>
    );
  }
  return (
    <span className={cn(frame, label.oldSince !== null && 'opacity-85')}>
      <FigureValue
        label={`${chart.title}, ${look.name}`}
        figure={label.figure}
        size={place === 'alone' ? 'hero' : 'figure'}
        text={{ digits: label.digits, unit: '' }}
      />
      {label.caveat === null ? (
        place !== 'alone' && <Bounds text={label.bounds} />
      ) : (
        <span className="whitespace-nowrap text-small leading-tight">
          {label.caveat} {label.oldSince !== null && <Age since={label.oldSince} />}
        </span>
      )}
    </span>
  );
}
