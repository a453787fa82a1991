'use client';

import { createContext, memo, type PointerEvent, type ReactNode, useContext, useMemo } from 'react';
import { CartesianGrid, ComposedChart, usePlotArea, XAxis, YAxis } from 'recharts';
import { type Crosshair, nearestTime, useCrosshair } from './crosshair';
import type { PlotArea, PlotLine, PlotModel } from './plot-model';
import { type PlotScale, toBandPath, toLinePath, toMarksPath, toPlotScale } from './plot-path';

/**
 * Recharts holds the frame (size, axes, grid); the lines are paths of our own inside it. Its own lines cost several times
 * what one update of all charts may take (docs/decisions/0251).
 */

interface PlotContents {
  model: PlotModel;
  stepMs: number;
}

const PlotContext = createContext<PlotContents | null>(null);

/** The frame's axes run from 0 to 1: it never changes, whatever the curves do. */
const FRAME_DATA = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];
const FRAME_MARGIN = { top: 2, right: 2, bottom: 2, left: 0 };
const UNIT_DOMAIN: [number, number] = [0, 1];
const GRID_TICKS = [0, 0.5, 1];

function Line({ line, scale, stepMs }: { line: PlotLine; scale: PlotScale; stepMs: number }): ReactNode {
  const isMain = line.weight === 'main';
  return (
    <g>
      {line.band.length > 0 && (
        <path d={toBandPath(line.band, scale, stepMs)} fill={line.colour} fillOpacity={0.14} stroke="none" />
      )}
      <path
        d={toLinePath(line.points, scale)}
        fill="none"
        stroke={line.colour}
        strokeOpacity={isMain ? 1 : 0.7}
        strokeWidth={isMain ? 'max(3px, 0.13rem)' : 'max(1.25px, 0.045rem)'}
        strokeDasharray={line.dash}
        strokeLinecap={line.dash === undefined ? 'round' : 'butt'}
        strokeLinejoin="round"
      />
    </g>
  );
}

function Happenings({ model, scale, area }: PlotLayerProps): ReactNode {
  return model.events.map((event) => {
    const untilMs = event.isRunning ? model.to : event.untilMs;
    if (!scale.isInside(event.atMs) && (untilMs === null || untilMs < model.from)) return null;
    const x = scale.x(event.atMs);
    const end = untilMs === null ? null : scale.x(untilMs);
    return (
      <g key={`${event.atMs} ${event.text}`} data-happening>
        {end !== null && (
          <rect
            x={x}
            y={area.y}
            width={Math.max(1, end - x)}
            height={area.height}
            fill={event.colour}
            fillOpacity={0.08}
          />
        )}
        <line
          x1={x}
          x2={x}
          y1={area.y}
          y2={area.y + area.height}
          stroke={event.colour}
          strokeWidth={1.5}
          strokeDasharray="2 3"
        />
        <path d={`M${x - 5} ${area.y}h10l-5 7z`} fill={event.colour} />
      </g>
    );
  });
}

function Levels({ model, scale, area }: PlotLayerProps): ReactNode {
  return model.levels
    .filter(({ value }) => value <= model.top)
    .map((level) => (
      <line
        key={`${level.kind} ${level.word}`}
        x1={area.x}
        x2={area.x + area.width}
        y1={scale.y(level.value)}
        y2={scale.y(level.value)}
        stroke={level.kind === 'target' ? 'var(--ink)' : 'var(--line)'}
        strokeWidth={2}
        strokeDasharray={level.kind === 'target' ? '10 4 2 4' : '1 6'}
        strokeLinecap={level.kind === 'target' ? 'butt' : 'round'}
      />
    ));
}

interface PlotLayerProps {
  model: PlotModel;
  scale: PlotScale;
  area: PlotArea;
}

function Marks({ model, scale }: PlotLayerProps): ReactNode {
  const colours = [...new Set(model.marks.map(({ colour }) => colour))];
  return colours.map((colour) => (
    <path
      key={colour}
      d={toMarksPath(
        model.marks.filter((mark) => mark.colour === colour),
        scale,
      )}
      fill="none"
      stroke={colour}
      strokeWidth={1.75}
    />
  ));
}

function Layers(): ReactNode {
  const area = usePlotArea();
  const contents = useContext(PlotContext);
  const model = contents?.model ?? null;
  const scale = useMemo(
    () => (area === undefined || model === null ? null : toPlotScale(model, area)),
    [area, model],
  );
  if (area === undefined || scale === null || contents === null || model === null) return null;
  return (
    <g>
      <Happenings model={model} scale={scale} area={area} />
      <Levels model={model} scale={scale} area={area} />
      {model.lines.map((line) => (
        <Line key={line.key} line={line} scale={scale} stepMs={contents.stepMs} />
      ))}
      <Marks model={model} scale={scale} area={area} />
    </g>
  );
}

const Frame = memo(function Frame(): ReactNode {
  return (
    <ComposedChart
      responsive
      data={FRAME_DATA}
      margin={FRAME_MARGIN}
      style={FRAME_STYLE}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--rule)" strokeWidth={1.5} />
      <XAxis dataKey="x" type="number" domain={UNIT_DOMAIN} hide />
      <YAxis
        dataKey="y"
        type="number"
        domain={UNIT_DOMAIN}
        ticks={GRID_TICKS}
        width={1}
        tick={false}
        axisLine={false}
        tickLine={false}
      />
      <Layers />
    </ComposedChart>
  );
});

const FRAME_STYLE = { width: '100%', height: '100%' };

/** Where the pointer is, as a time of the axis. */
function toPointedTime(event: PointerEvent<HTMLElement>, model: PlotModel): number {
  const box = event.currentTarget.getBoundingClientRect();
  const share = box.width === 0 ? 0 : (event.clientX - box.left) / box.width;
  return model.from + share * (model.to - model.from);
}

/** The line of the shared moment. Only this renders again while the pointer moves. */
function CrosshairLine({ crosshair, model }: { crosshair: Crosshair; model: PlotModel }): ReactNode {
  const atMs = useCrosshair(crosshair);
  if (atMs === null || atMs < model.from || atMs > model.to) return null;
  const share = (atMs - model.from) / Math.max(1, model.to - model.from);
  return (
    <div
      data-crosshair
      className="pointer-events-none absolute inset-y-0 w-0 border-line border-l-2"
      style={{ left: `${share * 100}%` }}
    />
  );
}

/** Still lines on fixed axes, with the shared crosshair. The words around it are its parent's. */
export function Plot({
  model,
  times,
  stepMs,
  crosshair,
}: {
  model: PlotModel;
  /** Times the crosshair can stand at, ascending. */
  times: readonly number[];
  stepMs: number;
  crosshair: Crosshair;
}): ReactNode {
  const contents = useMemo(() => ({ model, stepMs }), [model, stepMs]);
  return (
    <div
      className="absolute inset-0"
      onPointerMove={(event) => crosshair.set(nearestTime(times, toPointedTime(event, model)))}
      onPointerLeave={() => crosshair.set(null)}
    >
      <PlotContext value={contents}>
        <Frame />
      </PlotContext>
      <CrosshairLine crosshair={crosshair} model={model} />
    </div>
  );
}
