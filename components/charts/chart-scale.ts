/** Tops of a value axis: few, so that the axis moves seldom. */
const NICE_STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next nice number at or above `value`. */
export function niceCeil(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = NICE_STEPS.find((candidate) => candidate * magnitude >= value * (1 - 1e-9)) ?? 10;
  return Number((step * magnitude).toPrecision(2));
}

/** So that no line runs along the upper edge, through the axis label. */
const HEADROOM = 1.04;

/**
 * Top of the axis for both arms together. `floor` keeps an idle series flat: without it the noise of an empty queue
 * would look like a storm.
 */
export function toAxisTop(values: readonly (number | null)[], floor: number): number {
  const highest = Math.max(
    0,
    ...values.filter((value) => value !== null && Number.isFinite(value)).map(Number),
  );
  return highest <= floor ? floor : niceCeil(highest * HEADROOM);
}

/** The top comes down only when the curves need less than this share of it: a value at an edge must not make it jump. */
const SHRINK_SHARE = 0.6;

/** The top to draw: it grows at once, and comes down late. `before`: the top drawn so far. */
export function keepAxisTop(before: number | null, needed: number): number {
  if (before === null || needed > before) return needed;
  return needed < before * SHRINK_SHARE ? needed : before;
}

export interface PlacedLabel<T> {
  item: T;
  /** Centre, as a share of the plot's height from its top. */
  at: number;
}

/** Labels at the end of their lines, moved apart so far that none covers another; order by height is kept. */
export function spreadLabels<T>(wanted: readonly PlacedLabel<T>[], gap: number): PlacedLabel<T>[] {
  const sorted = [...wanted].sort((one, other) => one.at - other.at);
  const placed: PlacedLabel<T>[] = [];
  for (const label of sorted) {
    const previous = placed.at(-1);
    placed.push({ ...label, at: Math.max(label.at, previous === undefined ? gap / 2 : previous.at + gap) });
  }
  // Pushed below the plot: shift the whole stack up again, as far as it goes.
  const overflow = Math.max(0, (placed.at(-1)?.at ?? 0) - (1 - gap / 2));
  const shifted: PlacedLabel<T>[] = [];
  for (const label of [...placed].reverse()) {
    const below = shifted.at(-1);
    const limit = below === undefined ? 1 - gap / 2 : below.at - gap;
    shifted.push({ ...label, at: overflow > 0 ? Math.min(label.at, limit) : label.at });
  }
  return shifted.reverse();
}
