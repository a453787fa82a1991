'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { KEY_TABLE } from '@/lib/domain/keys';

/** The one table of keys, as it is. */
export function KeyHelp({ onClose }: { onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  useKeyCommands((command) => {
    if (command.type !== 'back' && command.type !== 'help') return false;
    onClose();
    return true;
  });

  return (
    <dialog
      ref={dialog}
      aria-labelledby="key-help-title"
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(44rem,calc(100vw-2rem))] overflow-y-auto rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface p-6 text-ink backdrop:bg-ground/70 stage:p-4"
    >
      <div className="mb-3 flex items-baseline justify-between">
        <h2 id="key-help-title" className="font-bold font-display text-title">
          Keys
        </h2>
        <button
          type="button"
          onClick={onClose}
          className="text-small underline decoration-line underline-offset-4"
        >
          Esc closes
        </button>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-dense">
        {KEY_TABLE.map((row) => (
          <div key={row.does} className="contents">
            <dt className="whitespace-nowrap text-right">
              {row.shown.map((key) => (
                <kbd
                  key={key}
                  className="ml-1 rounded-[0.25rem] border-(length:--hair) border-line px-[0.4em] font-mono text-small"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{row.does}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-small text-ink-soft">
        While a text field has the focus, only Page Up, Page Down and Esc are keys. Any number opens how we
        know it.
      </p>
    </dialog>
  );
}
