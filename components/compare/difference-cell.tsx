import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Difference } from '@/lib/domain/compare';
import { formatSignificant } from '@/lib/format/quantity';
import { formatChartValue } from './chart-values';
import { toScreenWords } from './screen-words';

const VERDICTS: Record<Extract<Difference, { state: 'measured' }>['verdict'], string> = {
  lower: 'lower on llm-d',
  higher: 'higher on llm-d',
  equal: 'equal',
  unclear: 'no clear difference',
};

export interface DifferenceWords {
  /** What may be said, or why nothing is. */
  verdict: string;
  /** `−1.07 s, 0.49 times` */
  numbers: string | null;
  /** Of the ratio: `0.41 to 0.58 (95 %)`. */
  interval: string | null;
}

export function toDifferenceWords(difference: Difference, unit: string, factor: number): DifferenceWords {
  if (difference.state === 'none') {
    return { verdict: toScreenWords(difference.because), numbers: null, interval: null };
  }
  const { absolute, ratio, ratioInterval, verdict } = difference;
  const sign = absolute > 0 ? '+' : '';
  return {
    verdict: VERDICTS[verdict],
    numbers: [
      `${sign}${formatChartValue(absolute * factor, unit)}\u00a0${unit}`,
      ratio === null ? null : `${formatSignificant(ratio)}\u00a0times`,
    ]
      .filter((part) => part !== null)
      .join(', '),
    interval:
      ratioInterval === null ? null : `${ratioInterval.map(formatSignificant).join(' to ')} (95\u00a0%)`,
  };
}

/** The verdict first; the numbers it rests on below it. */
export function DifferenceCell({ words }: { words: DifferenceWords }): ReactNode {
  const { verdict, numbers, interval } = words;
  return (
    <td className={cn('py-1 align-top text-small tabular-nums', numbers !== null && 'whitespace-nowrap')}>
      <span className={numbers === null ? 'text-ink-soft' : 'font-semibold'}>
        <UntrustedText text={verdict} max={120} />
      </span>
      {numbers !== null && <span className="block">{numbers}</span>}
      {interval !== null && <span className="block text-ink-soft">{interval}</span>}
    </td>
  );
}
