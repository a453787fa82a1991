'use client';

import type { ReactNode } from 'react';
import { BarTitle } from './bar-title';
import { ModeStamp, SourceLights } from './source-lights';
import { StepNav } from './step-nav';
import type { Display } from './use-display';

function BarButton({
  label,
  onPress,
  children,
}: {
  label: string;
  onPress: () => void;
  children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="grid size-[1.9em] place-items-center rounded-[0.25rem] text-body hover:bg-sunken stage:text-[0.8rem]"
    >
      {children}
    </button>
  );
}

function Icon({ children }: { children: ReactNode }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="size-[1.25em] fill-none stroke-2 stroke-current">
      {children}
    </svg>
  );
}

/** Title, steps, sources, mode, display switches: the same place on every screen. */
export function TopBar({ display, onHelp }: { display: Display; onHelp: () => void }): ReactNode {
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2 border-rule border-b-(length:--stroke) px-(--page-margin) py-3 stage:h-[2.95rem] stage:shrink-0 stage:flex-nowrap stage:gap-x-3 stage:py-0">
      <BarTitle />
      <StepNav />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 stage:flex-nowrap stage:gap-x-2">
        <SourceLights />
        <ModeStamp />
        <div className="flex">
          <BarButton
            label={display.theme === 'light' ? 'Switch to the dark theme' : 'Switch to the light theme'}
            onPress={display.flipTheme}
          >
            <Icon>
              <circle cx="12" cy="12" r="9" />
              <path d="M12 3a9 9 0 0 1 0 18Z" className="fill-current" />
            </Icon>
          </BarButton>
          <BarButton
            label={display.density === 'stage' ? 'Switch to desk size' : 'Switch to stage size'}
            onPress={display.flipDensity}
          >
            <Icon>
              <path d="M2 19 7.5 5 13 19M4 14.5h7M15 19l3.5-9 3.5 9m-5.8-3h4.6" />
            </Icon>
          </BarButton>
          <BarButton label="Keys and help" onPress={onHelp}>
            <span aria-hidden="true" className="font-bold font-display">
              ?
            </span>
          </BarButton>
        </div>
      </div>
    </header>
  );
}
