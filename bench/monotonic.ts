/** Milliseconds of the machine's monotonic clock (CLOCK_MONOTONIC): one clock for all processes; only differences mean something. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
