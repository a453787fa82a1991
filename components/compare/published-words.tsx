import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import type { PublishedFigures } from './published-figures';

/** Ghost lines in words: that they are none of ours, where they are from, under which conditions they were measured. */
export function PublishedWords({
  published,
  note = null,
  isShort = false,
}: {
  published: PublishedFigures;
  /** What of them is not drawn, and why. */
  note?: string | null;
  /** On stage one line: the whole is in the opened chart. */
  isShort?: boolean;
}): ReactNode {
  const { source, conditions } = published;
  return (
    <p className={cn('shrink-0 text-small leading-tight', isShort && 'stage:line-clamp-1')}>
      <span className="font-semibold">··· Published elsewhere, not measured here</span>{' '}
      <span className="text-ink-soft">
        {source}: {conditions}.{note !== null && ` ${note}.`}
      </span>
    </p>
  );
}
