'use client';

import type { ReactNode } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import { useLiveState } from '@/lib/client/use-live';
import { useLoad } from '@/lib/client/use-load';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toFace } from './load-panel-model';
import { type RacingLane, toRaceNote } from './race-note-model';
import { toRaceSheet } from './race-sheet';

/** What was equal in the race and what was not, and the load it ran under. Two lines are kept. */
export function RaceNote({
  lanes,
  parameters,
  facts,
  factsAt,
}: {
  lanes: readonly (RacingLane & { name: string })[];
  parameters: ChatParameters;
  facts: readonly LaneFacts[];
  factsAt: string | null;
}): ReactNode {
  const placement = useLiveState((state) => state.placement);
  const areMetricsLive = useLiveState(
    ({ status }) => status?.sources.find(({ id }) => id === 'metrics')?.state === 'live',
  );
  const { state, isOwner } = useLoad();
  const load = toFace(state, isOwner);
  const known = areMetricsLive ? placement : null;
  const note = toRaceNote({ lanes, parameters, facts, placement: known });
  return (
    <div className="min-h-[2.5em] text-ink-soft text-small leading-tight">
      <ProvenanceButton
        sheet={() => toRaceSheet({ note, lanes, facts, factsAt, placement: known })}
        className="line-clamp-2 text-left"
      >
        {load.kind === 'running' && <strong className="text-ink">{load.words} </strong>}
        {note.equal} {note.notEqual !== null && <span className="font-semibold">{note.notEqual}</span>}
      </ProvenanceButton>
    </div>
  );
}
