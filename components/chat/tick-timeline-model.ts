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

/** SVG path of all ticks on a `TICK_COLUMNS` × 10 canvas. */
export function toTickPath(arrivalsMs: readonly number[], axisEndMs: number): string {
  const columns = new Set(
    arrivalsMs
      .filter((arrival) => arrival >= 0 && arrival <= axisEndMs)
      .map((arrival) => Math.round((arrival / axisEndMs) * TICK_COLUMNS)),
  );
  return [...columns].map((column) => `M${column} 0V10`).join('');
}

/** The longest pause between two arrivals, where it is long against the others: a stall the eye should find. */
export function toLongestPauseMs(arrivalsMs: readonly number[]): number | null {
  const pauses = arrivalsMs.slice(1).map((arrival, index) => arrival - (arrivalsMs[index] ?? arrival));
  return pauses.length === 0 ? null : Math.max(...pauses);
}
