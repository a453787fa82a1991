'use client';

import type { ReactNode } from 'react';
import { useLiveState } from '@/lib/client/use-live';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { type RacingLane, toRaceNote } from './race-note-model';

/** What was equal in the race and what was not. */
export function RaceNote({
  lanes,
  parameters,
  facts,
}: {
  lanes: readonly RacingLane[];
  parameters: ChatParameters;
  facts: readonly LaneFacts[];
}): ReactNode {
  const placement = useLiveState((state) => state.placement);
  const { equal, notEqual } = toRaceNote({ lanes, parameters, facts, placement });
  return (
    <p className="text-ink-soft text-small leading-tight">
      {equal} {notEqual !== null && <span className="font-semibold">{notEqual}</span>}
    </p>
  );
}
