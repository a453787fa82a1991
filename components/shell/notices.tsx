'use client';

import type { ReactNode } from 'react';
import { hasNewBuild } from '@/lib/client/live-state';
import { useLiveState } from '@/lib/client/use-live';
import { useNow } from '@/lib/client/use-now';
import { formatAge } from '@/lib/format/age';

function Notice({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="pointer-events-auto flex items-center gap-4 rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface px-4 py-2 text-dense stage:px-3 stage:py-1.5">
      {children}
    </div>
  );
}

function ReconnectingNotice(): ReactNode {
  const lastHeardAt = useLiveState((state) => state.lastHeardAt);
  const age = useNow(
    ({ browserMs }) => (lastHeardAt === null ? null : formatAge(browserMs - lastHeardAt)),
    null,
  );
  return (
    <Notice>
      <p>
        <strong>Reconnecting to the dashboard.</strong> The last values stay on screen
        {age !== null && (
          <>
            {' '}
            · last heard <span className="tabular-nums">{age}</span> ago
          </>
        )}
      </p>
    </Notice>
  );
}

/** What the page has to say about itself, over the lower edge, so that nothing on the screen moves for it. */
export function Notices(): ReactNode {
  const phase = useLiveState((state) => state.phase);
  const isOutdated = useLiveState(hasNewBuild);
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-2 z-30 flex flex-col items-center gap-2 print:hidden"
    >
      {phase === 'reconnecting' && <ReconnectingNotice />}
      {phase === 'polling' && (
        <Notice>
          <p>The live stream does not come through: polling every 2 s.</p>
        </Notice>
      )}
      {isOutdated && (
        <Notice>
          <p>A new version is deployed.</p>
          <button
            type="button"
            className="rounded-full bg-ink px-3 py-1 font-medium text-ground"
            onClick={() => window.location.reload()}
          >
            Reload this scene
          </button>
        </Notice>
      )}
    </div>
  );
}
