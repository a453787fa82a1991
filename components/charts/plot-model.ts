/** What a plot draws: points, unit and words. It knows nothing of metrics. */

/** `null` is a gap. */
export interface PlotPoint {
  atMs: number;
  value: number | null;
}

/** What is known of a moment and no more: the edges of the bucket. */
export interface PlotBand {
  atMs: number;
  low: number;
  high: number;
}

export interface PlotLine {
  key: string;
  /** As read out at the crosshair. */
  name: string;
  /** A CSS colour. */
  colour: string;
  dash: string | undefined;
  /** `main`: the line the chart is about; `thin`: one part of it, or its mean. */
  weight: 'main' | 'thin';
  points: readonly PlotPoint[];
  band: readonly PlotBand[];
}

/** One observation that is no line: a request as this dashboard timed it. */
export interface PlotMark {
  atMs: number;
  value: number;
  colour: string;
  shape: 'cross' | 'plus';
}

/** A horizontal line with its words: a target, or a figure published elsewhere. */
export interface PlotLevel {
  value: number;
  word: string;
  /** Short enough to stand on the line itself; `null`: the line has its words elsewhere. */
  label: string | null;
  /** Key of the line it is for; `null`: for all. */
  of: string | null;
  kind: 'target' | 'published';
}

/** Something that happened; lasting things have an end, or still run. */
export interface PlotEvent {
  atMs: number;
  untilMs: number | null;
  isRunning: boolean;
  colour: string;
  isWarning: boolean;
  text: string;
}

export interface PlotModel {
  /** Both ends of the time axis: what the headline promises, even where data is sparse. */
  from: number;
  to: number;
  top: number;
  lines: readonly PlotLine[];
  marks: readonly PlotMark[];
  levels: readonly PlotLevel[];
  events: readonly PlotEvent[];
}

/** A rectangle of the screen in CSS pixels. */
export interface PlotArea {
  x: number;
  y: number;
  width: number;
  height: number;
}
