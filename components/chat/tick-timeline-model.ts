/** Ends of the time axis, in seconds: it grows in few steps, so that ticks do not creep while one speaks. */
const AXIS_STEPS_SECONDS = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800];

/** Columns of the drawing; arrivals in the same column are one tick, so the drawing stays bounded. */
export const TICK_COLUMNS = 600;

/** Common end of the axis for all lanes, long enough for the latest arrival or the running clock. */
export function toAxisEndMs(latestMs: number): number {
  const seconds =
    AXIS_STEPS_SECONDS.find((step) => step * 1_000 >= latestMs) ?? Math.ceil(latestMs / 600_000) * 600;
  return seconds * 1_000;
}

/** SVG path of all ticks on a `TICK_COLUMNS` × 10 canvas. Loops: it is drawn anew in every frame of thousands of arrivals. */
export function toTickPath(arrivalsMs: readonly number[], axisEndMs: number): string {
  let path = '';
  let latestColumn = -1;
  for (const arrival of arrivalsMs) {
    if (arrival < 0 || arrival > axisEndMs) continue;
    const column = Math.round((arrival / axisEndMs) * TICK_COLUMNS);
    if (column === latestColumn) continue;
    path += `M${column} 0V10`;
    latestColumn = column;
  }
  return path;
}

/** The longest pause between two arrivals, where it is long against the others: a stall the eye should find. */
export function toLongestPauseMs(arrivalsMs: readonly number[]): number | null {
  let longest: number | null = null;
  let before: number | null = null;
  for (const arrival of arrivalsMs) {
    if (before !== null) longest = Math.max(longest ?? 0, arrival - before);
    before = arrival;
  }
  return longest;
}
