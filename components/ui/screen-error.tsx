'use client';

import type { ReactNode } from 'react';
import { FailedFace } from './faces';

/** The face of a screen that broke: the rest of the show goes on. */
export function ScreenError({ screen, retry }: { screen: string; retry: () => void }): ReactNode {
  return (
    <div className="m-auto w-full max-w-[40rem]">
      <FailedFace
        happened={`${screen} could not be drawn.`}
        means="This is a fault of the dashboard, not of the cluster. The other screens are not affected."
        action="Draw it again, or go on with another screen. The browser console has the details."
      >
        <button
          type="button"
          onClick={retry}
          className="mt-3 rounded-full bg-ink px-4 py-1.5 font-medium text-ground"
        >
          Draw again
        </button>
      </FailedFace>
    </div>
  );
}
