import { MODE_WORDS, type Sheet, type SheetRow } from '@/components/ui/provenance-model';
import { type FirstTokenClaim, findMetric, toFirstTokenClaim } from '@/lib/domain/compare-figures';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import type { CompareFrame } from './compare-frame';
import { toScreenWords } from './screen-words';

/** What may be said about the first token, and on what it rests. */
export type Claim = FirstTokenClaim | { kind: 'unclear'; because: readonly string[] };

/** A difference is claimed only where the server's rule allows it; the distributed arm may well be slower. */
export function toClaim(frame: CompareFrame): Claim {
  if (frame.isAligned) {
    const because = ['the arms ran one after the other; whether they did the same work is not known'];
    return { kind: 'none', because };
  }
  const claim = toFirstTokenClaim(frame.compare);
  const isMeasured = findMetric(frame.compare, 'ttft')?.difference.state === 'measured';
  return claim.kind === 'none' && frame.compare.comparable.difference && isMeasured
    ? { ...claim, kind: 'unclear' }
    : claim;
}

export function toClaimSentence(claim: Claim): string {
  switch (claim.kind) {
    case 'sooner':
      return `On average, the first token comes ${formatDecimal(claim.ratio, 1)} times as soon on llm-d`;
    case 'later':
      return `On average, the first token takes ${formatDecimal(claim.ratio, 1)} times as long on llm-d`;
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
  switch (claim.kind) {
    case 'sooner':
    case 'later': {
      if (claim.interval === null) return 'Mean against mean; the window is too short for an interval.';
      const [low, high] = claim.interval.map((end) => formatDecimal(end, 1));
      return `Mean against mean: ${low} to ${high} times with 95 % confidence`;
    }
    case 'equal':
      return 'Mean against mean: within ±5 %';
    case 'unclear':
    case 'none':
      return joinReasons(claim.because);
    default:
      return claim satisfies never;
  }
}

/** Reasons of both arms that are the same are said once: `INT4 and llm-d: no traffic`. */
function joinReasons(reasons: readonly string[]): string {
  const of = (arm: Arm, text: string): boolean => reasons.includes(`${arm}: ${text}`);
  const said = reasons.flatMap((reason): string[] => {
    const [, arm, text = ''] = /^(baseline|distributed): (.*)$/s.exec(reason) ?? [];
    const isShared = arm !== undefined && ARMS.every((one) => of(one, text));
    if (!isShared) return [toScreenWords(reason)];
    return arm === ARMS[0] ? [`INT4 and llm-d: ${toScreenWords(text)}`] : [];
  });
  return said.map((reason) => reason.replace(/\.$/, '')).join('; ');
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
