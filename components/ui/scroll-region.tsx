import type { ReactNode, Ref, UIEventHandler } from 'react';

/** A named part of the page that scrolls by itself, and can be reached and scrolled by keyboard. */
export function ScrollRegion({
  label,
  className,
  onScroll,
  ref,
  children,
}: {
  label: string;
  className?: string;
  onScroll?: UIEventHandler<HTMLElement>;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop a keyboard cannot scroll what overflows
    <section ref={ref} tabIndex={0} aria-label={label} className={className} onScroll={onScroll}>
      {children}
    </section>
  );
}
