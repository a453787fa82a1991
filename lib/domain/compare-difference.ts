import type { Difference } from './compare';

/**
 * What one arm did in each block of the window: blocks follow each other without overlap, so that they are nearly independent
 * even where requests are not (queues couple neighbours). `parts ÷ wholes` is the metric: Σseconds ÷ Σrequests of a histogram,
 * hits ÷ lookups, tokens ÷ seconds.
 */
export interface Blocks {
  parts: readonly (number | null)[];
  wholes: readonly (number | null)[];
  /** The exact mean of the whole window, where it is known: what is said of it is said of the figure that is shown. */
  mean?: number | null;
}

/** Differences within this share are called equal: no audience would feel them, and clocks and load differ by as much. */
export const EQUAL_SHARE = 0.05;
/** With fewer blocks their spread is unknown, and no interval is given. */
export const MIN_BLOCKS = 4;

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, from 3; beyond, that of 12 is wide enough. */
const STUDENT_T = [3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];

interface Estimate {
  value: number;
  blocks: number;
  /** Standard error of ln(value); `null` with too few blocks or a value of 0. */
  logError: number | null;
}

type Measured = Extract<Difference, { state: 'measured' }>;

/**
 * Distributed against baseline with the 95 % interval of their ratio (ratio estimator over blocks, Student's t with the smaller
 * number of blocks). `previous` is the verdict said before of the same view: a word once said stays until the interval
 * reaches "no difference", and is first said when the interval lies beyond ±5 %, so that noise of that size cannot make
 * it flip.
 */
export function measureDifference(
  baseline: Blocks,
  distributed: Blocks,
  previous: Measured['verdict'] | null,
): Difference {
  const left = estimate(baseline);
  const right = estimate(distributed);
  if (left === null || right === null) {
    return { state: 'none', because: 'the value is not known in both arms' };
  }
  const ratio = left.value === 0 ? null : right.value / left.value;
  const ratioInterval = ratio === null ? null : intervalOf(ratio, left, right);
  return {
    state: 'measured',
    verdict: judge(left.value, right.value, ratioInterval, previous),
    absolute: right.value - left.value,
    ratio,
    ratioInterval,
    blocks: Math.min(left.blocks, right.blocks),
  };
}

function judge(
  left: number,
  right: number,
  interval: [number, number] | null,
  previous: Measured['verdict'] | null,
): Measured['verdict'] {
  if (left === 0 && right === 0) return 'equal';
  if (interval === null) return 'unclear';
  const [low, high] = interval;
  const most = 1 + EQUAL_SHARE;
  if (low >= 1 / most && high <= most) return 'equal';
  if (high < 1 / most || (previous === 'lower' && high < 1)) return 'lower';
  if (low > most || (previous === 'higher' && low > 1)) return 'higher';
  return 'unclear';
}

/** Σparts ÷ Σwholes, and how far that may be off, from how the blocks scatter around it. */
function estimate({ parts, wholes, mean }: Blocks): Estimate | null {
  const blocks = parts.flatMap((part, index) => {
    const whole = wholes[index] ?? null;
    return part === null || whole === null || whole <= 0 ? [] : [{ part, whole }];
  });
  const count = blocks.length;
  const total = blocks.reduce((sum, { whole }) => sum + whole, 0);
  if (total <= 0) return null;
  const value = mean ?? blocks.reduce((sum, { part }) => sum + part, 0) / total;
  if (count < MIN_BLOCKS || value <= 0) return { value, blocks: count, logError: null };
  const scatter = blocks.reduce((sum, { part, whole }) => sum + (part - value * whole) ** 2, 0);
  const error = Math.sqrt((count / (count - 1)) * scatter) / total;
  return { value, blocks: count, logError: error / value };
}

function intervalOf(ratio: number, left: Estimate, right: Estimate): [number, number] | null {
  if (left.logError === null || right.logError === null) return null;
  const freedom = Math.min(left.blocks, right.blocks) - 1;
  const student = STUDENT_T[freedom - 3] ?? STUDENT_T.at(-1) ?? Number.NaN;
  const reach = student * Math.hypot(left.logError, right.logError);
  return [ratio * Math.exp(-reach), ratio * Math.exp(reach)];
}
