'use client';

import { type ReactNode, useState } from 'react';
import { ProvenanceProvider } from '@/components/ui/provenance';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import type { DisplaySettings } from './display-model';
import { KeyHelp } from './key-help';
import { Notices } from './notices';
import { TopBar } from './top-bar';
import { useDisplay } from './use-display';
import { useWakeLock } from './use-full-screen';
import { useKeys } from './use-keys';

/** Black until the next press; nothing shines through, not even the pointer. */
function BlankScreen({ onBack }: { onBack: () => void }): ReactNode {
  useKeyCommands((command) => {
    if (command.type !== 'back') return false;
    onBack();
    return true;
  });
  return (
    <div role="status" className="fixed inset-0 z-50 cursor-none bg-black">
      <span className="sr-only">The screen is blank. Press b or Esc to return.</span>
    </div>
  );
}

/** What is around every screen: bar, keys, help, blank, notices, and the sheet that says how we know. */
export function AppFrame({
  initial,
  children,
}: {
  initial: DisplaySettings;
  children: ReactNode;
}): ReactNode {
  const [isBlank, setIsBlank] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const display = useDisplay(initial);
  const toggleHelp = (): void => setIsHelpOpen((isOpen) => !isOpen);
  useKeys({ toggleBlank: () => setIsBlank((wasBlank) => !wasBlank), toggleHelp });
  useWakeLock();

  return (
    <ProvenanceProvider>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-40 focus:bg-surface focus:px-3 focus:py-1"
      >
        Skip to the screen
      </a>
      <div className="flex min-h-dvh flex-col stage:h-dvh stage:overflow-hidden">
        <TopBar display={display} onHelp={toggleHelp} />
        <main
          id="main"
          tabIndex={-1}
          className="@container flex min-h-0 grow flex-col px-(--page-margin) pt-6 pb-8 outline-none stage:pt-5 stage:pb-4"
        >
          {children}
        </main>
      </div>
      <Notices />
      {isHelpOpen && <KeyHelp onClose={() => setIsHelpOpen(false)} />}
      {isBlank && <BlankScreen onBack={() => setIsBlank(false)} />}
    </ProvenanceProvider>
  );
}
