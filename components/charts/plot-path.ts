import type { PlotArea, PlotBand, PlotMark, PlotModel, PlotPoint } from './plot-model';

/** Places of times and values in the plot's rectangle; what lies beyond an end is drawn at it. */
export interface PlotScale {
  x(atMs: number): number;
  y(value: number): number;
  isInside(atMs: number): boolean;
}

export function toPlotScale(model: Pick<PlotModel, 'from' | 'to' | 'top'>, area: PlotArea): PlotScale {
  const span = Math.max(1, model.to - model.from);
  const top = model.top > 0 ? model.top : 1;
  const share = (value: number): number => Math.min(1, Math.max(0, value / top));
  return {
    x: (atMs) => area.x + (area.width * Math.min(span, Math.max(0, atMs - model.from))) / span,
    y: (value) => area.y + area.height * (1 - share(value)),
    isInside: (atMs) => atMs >= model.from && atMs <= model.to,
  };
}

/** A tenth of a pixel is as fine as a screen can show, and keeps the text of a path short. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The line, with a gap where nothing is known. A value between two gaps becomes a dot: round caps make it visible. */
export function toLinePath(points: readonly PlotPoint[], scale: PlotScale): string {
  let path = '';
  let isDrawing = false;
  for (const [index, { atMs, value }] of points.entries()) {
    if (value === null || !scale.isInside(atMs)) {
      isDrawing = false;
      continue;
    }
    const place = `${round(scale.x(atMs))} ${round(scale.y(value))}`;
    const next = points[index + 1];
    const isLonely = !isDrawing && (next === undefined || next.value === null);
    path += isDrawing ? `L${place}` : `M${place}`;
    if (isLonely) path += 'h0.1';
    isDrawing = true;
  }
  return path;
}

/** A block per run of equal bounds: the quantile lies somewhere in it, and nothing narrower is known. */
export function toBandPath(band: readonly PlotBand[], scale: PlotScale, stepMs: number): string {
  let path = '';
  let start = 0;
  for (let index = 1; index <= band.length; index += 1) {
    const first = band[start];
    const last = band[index - 1];
    const next = band[index];
    if (first === undefined || last === undefined) break;
    const goesOn =
      next !== undefined &&
      next.low === first.low &&
      next.high === first.high &&
      next.atMs - last.atMs <= stepMs * 1.5;
    if (goesOn) continue;
    const left = round(scale.x(first.atMs - stepMs / 2));
    const right = round(scale.x(last.atMs + stepMs / 2));
    const high = round(scale.y(first.high));
    const low = round(scale.y(first.low));
    if (right > left) path += `M${left} ${high}H${right}V${low}H${left}Z`;
    start = index;
  }
  return path;
}

/** Half the size of a mark in pixels. */
const MARK_HALF = 3;

/** All marks of one colour and shape as one path. */
export function toMarksPath(marks: readonly PlotMark[], scale: PlotScale): string {
  return marks
    .filter(({ atMs }) => scale.isInside(atMs))
    .map(({ atMs, value, shape }) => {
      const x = round(scale.x(atMs));
      const y = round(scale.y(value));
      const size = MARK_HALF * 2;
      return shape === 'plus'
        ? `M${x - MARK_HALF} ${y}h${size}M${x} ${y - MARK_HALF}v${size}`
        : `M${x - MARK_HALF} ${y - MARK_HALF}l${size} ${size}m0 ${-size}l${-size} ${size}`;
    })
    .join('');
}
