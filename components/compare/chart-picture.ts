import { drawPlot } from '@/components/charts/draw-plot';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { MODE_WORDS } from '@/components/ui/provenance-model';
import { formatDecimal } from '@/lib/format/quantity';
import { toProvenanceLines } from './chart-csv';
import type { ChartModel } from './chart-model';
import type { CompareFrame } from './compare-frame';
import type { PublishedFigures } from './published-figures';
import { formatClock } from './status-lines';

const WIDTH = 1600;
const PLOT = { x: 90, y: 130, width: 1200, height: 520 };
const FONT = '"Red Hat Text Variable", system-ui, sans-serif';
const MONO = '"Red Hat Mono Variable", ui-monospace, monospace';
const LINE_HEIGHT = 24;

/** A CSS colour as the page draws it; a canvas knows no variables. */
function toPageColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined
    ? colour
    : getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Breaks a line at spaces, so that no query leaves the picture. */
export function wrapLine(text: string, maxCharacters: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > maxCharacters) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (line.length > maxCharacters) {
      lines.push(line.slice(0, maxCharacters));
      line = line.slice(maxCharacters);
    }
  }
  return [...lines, line];
}

/** The opened chart as a picture that carries its own provenance: mode stamp, queries, times, source. */
export async function toChartPicture(
  frame: CompareFrame,
  chart: ChartModel,
  published: PublishedFigures | null,
): Promise<Blob> {
  await document.fonts.ready;
  const footer = toProvenanceLines(frame, chart, published).flatMap((line) => wrapLine(line, 150));
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = PLOT.y + PLOT.height + 70 + footer.length * LINE_HEIGHT + 24;
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('this browser draws no canvas');
  const write = (text: string, x: number, y: number, font: string, colour: string): void => {
    brush.font = font;
    brush.fillStyle = toPageColour(colour);
    brush.fillText(text, x, y);
  };
  brush.fillStyle = toPageColour('var(--ground)');
  brush.fillRect(0, 0, canvas.width, canvas.height);
  write(chart.title, PLOT.x, 62, `600 38px ${FONT}`, 'var(--ink)');
  write(chart.unit, PLOT.x, 100, `26px ${FONT}`, 'var(--ink-soft)');
  // The stamp is part of the picture: it must not be mistaken for a measurement on a cluster.
  const stamp = MODE_WORDS[frame.compare.mode];
  brush.strokeStyle = toPageColour('var(--ink)');
  brush.lineWidth = 3;
  brush.strokeRect(WIDTH - 330, 24, 280, 56);
  brush.textAlign = 'center';
  write(stamp, WIDTH - 190, 63, `700 30px ${FONT}`, 'var(--ink)');
  brush.textAlign = 'left';
  drawPlot(brush, chart.plot, PLOT, chart.stepMs, toPageColour);
  write(
    formatDecimal(chart.plot.top, chart.plot.top < 1 ? 1 : 0),
    20,
    PLOT.y + 10,
    `24px ${FONT}`,
    'var(--ink-soft)',
  );
  write('0', 20, PLOT.y + PLOT.height, `24px ${FONT}`, 'var(--ink-soft)');
  write(formatClock(chart.plot.from), PLOT.x, PLOT.y + PLOT.height + 34, `24px ${FONT}`, 'var(--ink-soft)');
  brush.textAlign = 'right';
  write(
    formatClock(chart.plot.to),
    PLOT.x + PLOT.width,
    PLOT.y + PLOT.height + 34,
    `24px ${FONT}`,
    'var(--ink-soft)',
  );
  brush.textAlign = 'left';
  for (const { label, value } of chart.plot.levels) {
    if (label === null || value > chart.plot.top) continue;
    const y = PLOT.y + PLOT.height * (1 - value / chart.plot.top) - 8;
    write(label, PLOT.x + 8, y, `600 22px ${FONT}`, 'var(--ink)');
  }
  for (const { item, at } of chart.labels) {
    const look = ARM_LOOKS[item.arm];
    const text = item.digits === '' ? item.word : item.digits;
    const y = PLOT.y + PLOT.height * at + 10;
    write(`${look.short} ${text}`, PLOT.x + PLOT.width + 20, y, `700 32px ${FONT}`, look.stroke);
    if (item.bounds !== null)
      write(item.bounds, PLOT.x + PLOT.width + 20, y + 28, `22px ${FONT}`, look.stroke);
  }
  for (const [index, line] of footer.entries()) {
    write(line, 24, PLOT.y + PLOT.height + 84 + index * LINE_HEIGHT, `16px ${MONO}`, 'var(--ink-soft)');
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)),
      'image/png',
    );
  });
}
