import type { ReactNode } from 'react';
import { cn } from './cn';

/** The four faces of a panel beside its normal one: loading, empty, stale (by `data-stale`), failed. */

/** A grey place of the size of what is to come. */
export function Skeleton({ className }: { className?: string }): ReactNode {
  return <span aria-hidden="true" className={cn('block rounded-[0.25rem] bg-sunken', className)} />;
}

/** Says that something is on its way, once for the whole panel. */
export function LoadingWord({ children }: { children: string }): ReactNode {
  return (
    <p role="status" className="text-dense text-ink-soft">
      {children}
    </p>
  );
}

/** Nothing to show, and why. */
export function EmptyFace({ title, because }: { title: string; because: string }): ReactNode {
  return (
    <div className="rounded-[0.5rem] border-(length:--stroke) border-line border-dashed p-4 stage:p-3">
      <p className="font-semibold">{title}</p>
      <p className="text-dense text-ink-soft">{because}</p>
    </div>
  );
}

/** Something went wrong: what happened, what it means for the demo, what to do. */
export function FailedFace({
  happened,
  means,
  action,
  children,
}: {
  happened: string;
  means: string;
  action: string;
  children?: ReactNode;
}): ReactNode {
  return (
    <div role="alert" className="rounded-[0.5rem] border-(length:--stroke) border-fail p-4 stage:p-3">
      <p className="font-semibold text-fail">{happened}</p>
      <p className="text-dense">{means}</p>
      <p className="text-dense text-ink-soft">{action}</p>
      {children}
    </div>
  );
}
