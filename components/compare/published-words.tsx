import type { ReactNode } from 'react';
import type { PublishedFigures } from './published-figures';

/** Ghost lines in words: that they are none of ours, where they are from, under which conditions they were measured. */
export function PublishedWords({
  published,
  note = null,
}: {
  published: PublishedFigures;
  /** What of them is not drawn, and why. */
  note?: string | null;
}): ReactNode {
  const { source, conditions } = published;
  return (
    <p className="shrink-0 text-small leading-tight">
      <span className="font-semibold">··· Published elsewhere, not measured here</span>{' '}
      <span className="text-ink-soft">
        {source}: {conditions}.{note !== null && ` ${note}.`}
      </span>
    </p>
  );
}
