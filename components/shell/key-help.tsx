'use client';

import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { PanelHead } from '@/components/ui/panel-head';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { keysOf } from '@/lib/domain/keys';
import { SCREEN_TITLES, SCREENS, type Screen, toScreen } from '@/lib/domain/screens';

function KeyGroup({ title, where }: { title: string; where: Screen | 'everywhere' }): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3
        id={id}
        className="mb-2 border-ink border-b-(length:--stroke) pb-1 font-display font-medium text-body"
      >
        {title}
      </h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-dense">
        {keysOf(where).map((row) => (
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
    </section>
  );
}

/** The one table of keys: those of the screen in view first. */
export function KeyHelp({ onClose }: { onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const current = toScreen(usePathname());

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
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(72rem,calc(100vw-2rem))] overflow-y-auto rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface p-6 text-ink backdrop:bg-ground/70 stage:p-4"
    >
      <PanelHead
        title="Keys"
        titleId="key-help-title"
        titleClassName="mb-3 text-title stage:text-heading"
        onClose={onClose}
      />
      <div className="grid gap-x-10 gap-y-6 min-[60rem]:grid-cols-2">
        {current !== null && <KeyGroup title={`On ${SCREEN_TITLES[current]}`} where={current} />}
        <KeyGroup title="Everywhere" where="everywhere" />
        {SCREENS.filter((screen) => screen !== current && keysOf(screen).length > 0).map((screen) => (
          <KeyGroup key={screen} title={`On ${SCREEN_TITLES[screen]}`} where={screen} />
        ))}
      </div>
      <p className="mt-3 text-small text-ink-soft">
        While a text field has the focus, only Page Up, Page Down and Esc are keys. Any number opens how we
        know it.
      </p>
    </dialog>
  );
}
