'use client';

import type { ReactNode } from 'react';
import type { Figure } from '@/lib/domain/figure';
import { formatQuantity, type QuantityText } from '@/lib/format/quantity';
import { cn } from './cn';
import { ProvenanceButton } from './provenance';
import { toFigureSheet } from './provenance-model';

type FigureSize = 'hero' | 'figure' | 'body' | 'dense' | 'small';

const DIGITS: Record<FigureSize, string> = {
  hero: 'font-display text-hero font-bold tracking-[-0.02em]',
  figure: 'font-display text-figure font-bold tracking-[-0.015em]',
  body: 'text-body font-semibold',
  dense: 'text-dense font-semibold',
  small: 'text-small font-semibold',
};

const UNITS: Record<FigureSize, string> = {
  hero: 'text-figure font-semibold',
  figure: 'text-[0.7em] font-semibold',
  body: '',
  dense: '',
  small: '',
};

/** A figure without a value keeps the height of one with a value: nothing jumps when it comes. */
const UNKNOWN: Record<FigureSize, string> = {
  hero: 'flex min-h-(--type-hero) flex-col justify-center whitespace-normal font-display text-heading font-semibold leading-tight',
  figure: 'flex min-h-(--type-figure) items-end text-dense font-semibold leading-none',
  body: 'text-body',
  dense: 'text-dense',
  small: 'text-small',
};

/** Says what is shown, digit for digit: a name that differs from the text misleads those who speak to the page. */
function spokenText(label: string, figure: Figure, shown: QuantityText | null, unknownWord: string): string {
  if (figure.state === 'unknown' || shown === null) {
    return `${label}: ${unknownWord} ${figure.state === 'unknown' ? figure.because : ''}`.trimEnd();
  }
  const own = formatQuantity(figure.value, figure.unit);
  const exact = `${own.digits} ${own.unit}`;
  if (own.digits === shown.digits) return `${label}: ${exact}`;
  return `${label}: ${`${shown.digits} ${shown.unit}`.trimEnd()} (${exact})`;
}

/**
 * A number on the screen. Press it, and it says how we know it: mode, source, query, time, samples. Without a value it
 * says "not measured" and why. Every figure of the product is shown by this.
 */
export function FigureValue({
  label,
  figure,
  size = 'body',
  showsUnit = true,
  unknownWord = 'not measured',
  text,
  className,
}: {
  /** What the number is, for the sheet and for screen readers. */
  label: string;
  figure: Figure;
  size?: FigureSize;
  showsUnit?: boolean;
  /** Shown in place of a number; a shorter word where the reason is plain from the place. */
  unknownWord?: string;
  /** The value as its place wants it, where that is not the figure's own unit (an axis, the other arm's unit). */
  text?: QuantityText;
  className?: string;
}): ReactNode {
  const shown = figure.state === 'known' ? (text ?? formatQuantity(figure.value, figure.unit)) : null;
  return (
    <ProvenanceButton
      sheet={toFigureSheet(label, figure)}
      label={spokenText(label, figure, shown, unknownWord)}
      className={cn('whitespace-nowrap tabular-nums', className)}
    >
      {shown === null ? (
        <span className={cn(UNKNOWN[size], 'text-ink-soft')}>
          {unknownWord}{' '}
          {size === 'hero' && figure.state === 'unknown' && (
            <span className="line-clamp-2 font-normal font-text text-small">{figure.because}</span>
          )}
        </span>
      ) : (
        <span className={DIGITS[size]}>
          {shown.digits}
          {showsUnit && shown.unit !== '' && <span className={UNITS[size]}>{`\u2009${shown.unit}`}</span>}
        </span>
      )}
    </ProvenanceButton>
  );
}
