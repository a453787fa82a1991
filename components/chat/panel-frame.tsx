'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { PanelHead } from '@/components/ui/panel-head';
import { useKeyCommands } from '@/lib/client/use-key-commands';

/** A panel over the lanes, so that nothing moves when it opens. Esc closes it, and the focus goes back where it was. */
export function PanelFrame({
  label,
  state = null,
  onClose,
  children,
}: {
  label: string;
  /** Beside the title: how things stand. */
  state?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  useKeyCommands((command) => {
    if (command.type !== 'back') return false;
    onClose();
    return true;
  });

  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      className="@container absolute top-[3.4rem] right-0 z-30 max-h-[calc(100dvh-10rem)] w-[min(46rem,100%)] overflow-y-auto rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface p-4 text-dense outline-none stage:top-[1.7rem] stage:w-[37rem] stage:p-3"
    >
      <PanelHead title={label} onClose={onClose}>
        {state}
      </PanelHead>
      {children}
    </div>
  );
}
