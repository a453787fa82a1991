'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { copyText } from '@/lib/client/copy-text';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { cn } from './cn';

const CONFIRM_MS = 1_500;

/** Copies `text` and says so in its own, reserved place. */
export function CopyButton({
  text,
  label,
  answersKey = false,
  className,
}: {
  text: string;
  label: string;
  /** Whether the copy key means this button. */
  answersKey?: boolean;
  className?: string;
}): ReactNode {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);

  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = (): void => {
    void copyText(text).then((isCopied) => setOutcome(isCopied ? 'copied' : 'refused'));
  };
  useKeyCommands((command) => {
    if (command.type !== 'copy') return false;
    copy();
    return true;
  }, answersKey);

  const words = { copied: 'copied', refused: 'not allowed' };
  return (
    <button
      type="button"
      className={cn(
        'shrink-0 rounded-[0.25rem] px-1.5 py-0.5 font-text text-small text-ink underline decoration-line underline-offset-4',
        className,
      )}
      onClick={copy}
    >
      <span aria-live="polite">{outcome === null ? label : words[outcome]}</span>
    </button>
  );
}
