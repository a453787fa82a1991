import type { PlotArea, PlotModel } from './plot-model';
import { toBandPath, toLinePath, toMarksPath, toPlotScale } from './plot-path';

/** The part of a canvas that is used. */
type Brush = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'fill'
  | 'fillText'
  | 'lineTo'
  | 'moveTo'
  | 'restore'
  | 'save'
  | 'setLineDash'
  | 'stroke'
  | 'fillStyle'
  | 'font'
  | 'globalAlpha'
  | 'lineWidth'
  | 'strokeStyle'
  | 'textAlign'
>;

const PART_WIDTH = { main: 4, thin: 1.5 } as const;

/** Draws a plot as the screen shows it. `resolve` turns a CSS colour, variables included, into one a canvas knows. */
export function drawPlot(
  brush: Brush,
  model: PlotModel,
  area: PlotArea,
  stepMs: number,
  resolve: (colour: string) => string,
): void {
  const scale = toPlotScale(model, area);
  const horizontal = (value: number, colour: string, width: number, dash: number[]): void => {
    brush.save();
    brush.strokeStyle = resolve(colour);
    brush.lineWidth = width;
    brush.setLineDash(dash);
    brush.beginPath();
    brush.moveTo(area.x, scale.y(value));
    brush.lineTo(area.x + area.width, scale.y(value));
    brush.stroke();
    brush.restore();
  };
  for (const share of [0, 0.5, 1]) horizontal(model.top * share, 'var(--rule)', 1.5, []);
  for (const event of model.events) {
    if (!scale.isInside(event.atMs)) continue;
    brush.save();
    brush.strokeStyle = resolve(event.colour);
    brush.setLineDash([2, 3]);
    brush.beginPath();
    brush.moveTo(scale.x(event.atMs), area.y);
    brush.lineTo(scale.x(event.atMs), area.y + area.height);
    brush.stroke();
    brush.restore();
  }
  for (const level of model.levels.filter(({ value }) => value <= model.top)) {
    const isTarget = level.kind === 'target';
    horizontal(level.value, isTarget ? 'var(--ink)' : 'var(--line)', 2, isTarget ? [10, 4, 2, 4] : [2, 6]);
  }
  for (const line of model.lines) {
    brush.save();
    if (line.band.length > 0) {
      brush.globalAlpha = 0.14;
      brush.fillStyle = resolve(line.colour);
      brush.fill(new Path2D(toBandPath(line.band, scale, stepMs)));
      brush.globalAlpha = 1;
    }
    brush.strokeStyle = resolve(line.colour);
    brush.lineWidth = PART_WIDTH[line.weight];
    brush.setLineDash(
      line.dash === undefined ? [] : line.dash.split(' ').map((length) => Number(length) * 1.5),
    );
    brush.stroke(new Path2D(toLinePath(line.points, scale)));
    brush.restore();
  }
  brush.save();
  for (const colour of new Set(model.marks.map((mark) => mark.colour))) {
    brush.strokeStyle = resolve(colour);
    brush.lineWidth = 2;
    brush.stroke(
      new Path2D(
        toMarksPath(
          model.marks.filter((mark) => mark.colour === colour),
          scale,
        ),
      ),
    );
  }
  brush.restore();
}
