import type { Difference } from './compare-answers.ts';

/** A place where a real server answers differently from the embedded one, which follows 3.x. */
export interface KnownDifference {
  /** Releases before this major have it; infinity: all do. */
  untilMajor: number;
  reason: string;
  explains(query: string, difference: Difference): boolean;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    untilMajor: 3,
    reason:
      '`atan2` left the metric name in place until it was made to drop it like other arithmetic (pull request 12595).',
    explains: (query, difference) =>
      query.includes('atan2') &&
      difference.in === 'series' &&
      difference.onlyIn === 'real' &&
      hasName(difference.labels),
  },
  {
    untilMajor: 3,
    reason: 'A compensated sum over an infinity was NaN until pull request 14362.',
    explains: (query, difference) =>
      /\b(sum|avg|deriv|predict_linear)/.test(query) &&
      difference.in === 'value' &&
      /^(NaN|nothing)$/.test(difference.real) &&
      /Inf$/.test(difference.ours),
  },
  {
    untilMajor: 3,
    reason: 'The deviation of a single NaN was 0. Whatever is computed from it differs as well.',
    explains: (query, difference) =>
      /\bstd(dev|var)\b/.test(query) &&
      ((difference.in === 'value' && /^(NaN|nothing)$/.test(difference.ours)) ||
        (difference.in === 'series' && difference.onlyIn === 'real')),
  },
  {
    untilMajor: Number.POSITIVE_INFINITY,
    reason:
      'NaN has no date: the program converts it to whatever integer its processor yields, the embedded one says NaN.',
    explains: (query, difference) =>
      /\b(minute|hour|day_of_\w+|days_in_month|month|year)\(/.test(query) &&
      difference.in === 'value' &&
      difference.ours === 'NaN',
  },
];

function hasName(labels: string): boolean {
  return labels.includes('"__name__"');
}
