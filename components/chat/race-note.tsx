'use client';

import type { ReactNode } from 'react';
import { useLiveState } from '@/lib/client/use-live';
import { useLoad } from '@/lib/client/use-load';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toFace } from './load-panel-model';
import { type RacingLane, toRaceNote } from './race-note-model';

/** What was equal in the race and what was not, and the load it ran under. Two lines are kept. */
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
  const areMetricsLive = useLiveState(
    ({ status }) => status?.sources.find(({ id }) => id === 'metrics')?.state === 'live',
  );
  const { state, isOwner } = useLoad();
  const load = toFace(state, isOwner);
  const { equal, notEqual } = toRaceNote({
    lanes,
    parameters,
    facts,
    placement: areMetricsLive ? placement : null,
  });
  return (
    <p className="line-clamp-2 min-h-[2.5em] text-ink-soft text-small leading-tight">
      {load.kind === 'running' && <strong className="text-ink">{load.words} </strong>}
      {equal} {notEqual !== null && <span className="font-semibold">{notEqual}</span>}
    </p>
  );
}
