import type { ReactNode } from 'react';
import { cn } from './cn';

/** First line of everything that opens over a screen: what it is, and the way out. */
export function PanelHead({
  title,
  titleId,
  titleClassName,
  onClose,
  children,
}: {
  title: string;
  /** Where the panel is named by its title. */
  titleId?: string;
  titleClassName?: string;
  onClose: () => void;
  /** Beside the title: how things stand, in a few words. */
  children?: ReactNode;
}): ReactNode {
  return (
    <div className="flex items-baseline gap-4">
      <h2 id={titleId} className={cn('font-display font-semibold text-heading', titleClassName)}>
        {title}
      </h2>
      {children}
      <button
        type="button"
        onClick={onClose}
        className="ml-auto shrink-0 text-small underline decoration-line underline-offset-4"
      >
        Esc closes
      </button>
    </div>
  );
}
