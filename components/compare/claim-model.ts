import { MODE_WORDS, type Sheet, type SheetRow } from '@/components/ui/provenance-model';
import type { Compare, Difference } from '@/lib/domain/compare';
import { formatDecimal } from '@/lib/format/quantity';
import type { CompareFrame } from './compare-frame';

/** What may be said about the first token, and on what it rests. */
export type Claim =
  | { kind: 'sooner' | 'later'; times: number; interval: [number, number] | null; blocks: number }
  | { kind: 'equal' | 'unclear'; interval: [number, number] | null; blocks: number }
  | { kind: 'none'; because: readonly string[] };

function toFirstTokenDifference(compare: Compare): Difference {
  return (
    compare.metrics.find(({ id }) => id === 'ttft')?.difference ?? {
      state: 'none',
      because: 'the answer holds no time to first token',
    }
  );
}

/** Turns a ratio of the distributed arm around, so that the larger number is the one that is said. */
function invert(interval: readonly [number, number] | null): [number, number] | null {
  return interval === null || interval.some((end) => end <= 0) ? null : [1 / interval[1], 1 / interval[0]];
}

/** A difference is claimed only where the server's rule allows it; the distributed arm may well be slower. */
export function toClaim(frame: CompareFrame): Claim {
  if (frame.isAligned) {
    return {
      kind: 'none',
      because: ['the arms ran one after the other; whether they did the same work is not known'],
    };
  }
  const { comparable } = frame.compare;
  if (!comparable.difference) return { kind: 'none', because: comparable.because };
  const difference = toFirstTokenDifference(frame.compare);
  if (difference.state === 'none') return { kind: 'none', because: [difference.because] };
  const { verdict, ratio, ratioInterval, blocks } = difference;
  switch (verdict) {
    case 'lower':
      return ratio === null || ratio <= 0
        ? { kind: 'none', because: ['the mean of one arm is 0'] }
        : { kind: 'sooner', times: 1 / ratio, interval: invert(ratioInterval), blocks };
    case 'higher':
      return ratio === null
        ? { kind: 'none', because: ['the mean of one arm is 0'] }
        : { kind: 'later', times: ratio, interval: ratioInterval, blocks };
    case 'equal':
    case 'unclear':
      return { kind: verdict, interval: ratioInterval, blocks };
    default:
      return verdict satisfies never;
  }
}

export function toClaimSentence(claim: Claim): string {
  switch (claim.kind) {
    case 'sooner':
      return `On average, the first token comes ${formatDecimal(claim.times, 1)} times as soon on llm-d`;
    case 'later':
      return `On average, the first token takes ${formatDecimal(claim.times, 1)} times as long on llm-d`;
    case 'equal':
      return 'On average, the first token comes equally soon on both arms';
    case 'unclear':
      return 'No clear difference in the first token';
    case 'none':
      return 'No difference is claimed';
    default:
      return claim satisfies never;
  }
}

/** How sure the sentence is. */
export function toClaimNote(claim: Claim): string {
  if (claim.kind === 'none') return claim.because.map((reason) => reason.replace(/\.$/, '')).join('; ');
  if (claim.interval === null) return 'Mean against mean; the window is too short for an interval.';
  const [low, high] = claim.interval.map((end) => formatDecimal(end, 2));
  const whole = `means: ${low} to ${high} times, 95 % interval of ${claim.blocks} blocks of time`;
  return claim.kind === 'unclear' ? `Too restless for a verdict; ratio of ${whole}` : `Ratio of ${whole}`;
}

/** What the claim rests on, and what is not equal between the arms. */
export function toClaimSheet(frame: CompareFrame, claim: Claim): Sheet {
  const { compare } = frame;
  const { difference, because, notEqual } = compare.comparable;
  const numbered = (name: string, values: readonly string[]): SheetRow[] =>
    values.map((value, index) => ({
      kind: 'text',
      name: index === 0 ? name : `${name} ${index + 1}`,
      value,
    }));
  return {
    title: 'What may be compared',
    lead: difference
      ? 'Both arms did the same kind of work in this window: a difference may be stated.'
      : 'A difference would mean nothing in this window.',
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[compare.mode] },
          { kind: 'text', name: 'Said', value: `${toClaimSentence(claim)}. ${toClaimNote(claim)}` },
          ...numbered('Because', because),
          ...numbered('Not equal', notEqual),
          {
            kind: 'text',
            name: 'Rule',
            value:
              'Both arms present, at least 20 requests each, load, prompt and answer length within 20 %, the same base model. Means over the whole window are compared; a word is said only where the 95 % interval of their ratio leaves no doubt, “equally” where it lies within ±5 %.',
          },
          { kind: 'time', name: 'Asked', value: compare.observedAt },
        ],
      },
    ],
  };
}
