'use client';

import { type ReactNode, useState } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import { useLiveState } from '@/lib/client/use-live';
import { useLoad } from '@/lib/client/use-load';
import { isRunning as isRunningTurn } from '@/lib/domain/chat-model';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toFace } from './load-panel-model';
import {
  conditionsOf,
  type HeldConditions,
  holdConditions,
  type RaceConditions,
  toLoadWords,
} from './race-conditions';
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
  const now: RaceConditions = {
    facts,
    factsAt,
    placement: areMetricsLive ? placement : null,
    loadWords: load.kind === 'running' ? load.words : null,
  };
  const latest = lanes.flatMap(({ turns }) => turns.at(-1) ?? []);
  const questionId = latest[0]?.asked.questionId ?? null;
  const isRunning = latest.some((turn) => turn.asked.questionId === questionId && isRunningTurn(turn));
  const [held, setHeld] = useState<HeldConditions | null>(null);
  const next = holdConditions(held, questionId, isRunning, now);
  if (next !== held) setHeld(next);
  const conditions = conditionsOf(next, questionId, isRunning, now);
  const note = toRaceNote({ lanes, parameters, ...conditions });
  const loadWords = toLoadWords(now.loadWords, conditions.loadWords);
  return (
    <div className="min-h-[2.5em] text-ink-soft text-small leading-tight">
      <ProvenanceButton
        sheet={() => toRaceSheet({ note, lanes, ...conditions })}
        className="line-clamp-2 text-left"
      >
        {loadWords !== null && <strong className="text-ink">{loadWords} </strong>}
        {note.equal} {note.notEqual !== null && <span className="font-semibold">{note.notEqual}</span>}
      </ProvenanceButton>
    </div>
  );
}
