'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import type { Sheet } from '@/components/ui/provenance-model';
import type { ChatLane } from '@/lib/client/chat-store';
import { useLiveState } from '@/lib/client/use-live';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import type { ChatPath } from '@/lib/domain/vocabulary';
import { LaneFactsLine } from './lane-facts-line';
import { LaneFigures } from './lane-figures';
import { LaneWay, PathChoice } from './lane-way';
import { toServedBy } from './served-by';
import { TickTimeline } from './tick-timeline';
import type { TurnCommands } from './turn-article';
import { TurnList } from './turn-list';
import { toTurnSheet } from './turn-sheet';

/** One lane: its line, its way, its conversation, its ticks and its numbers. */
export function Lane({
  id,
  name,
  lane,
  facts,
  factsAt,
  axisEndMs,
  path,
  isBusy,
  answersCopyKey,
  commands,
  invitation,
  onPath,
}: {
  id: LaneId;
  name: string;
  lane: ChatLane;
  facts: LaneFacts | null;
  factsAt: string | null;
  axisEndMs: number;
  path: ChatPath | null;
  isBusy: boolean;
  answersCopyKey: boolean;
  commands: TurnCommands;
  /** Shown before the first question. */
  invitation: ReactNode;
  onPath: (path: ChatPath | null) => void;
}): ReactNode {
  const mode = useLiveState((state) => state.status?.mode ?? 'unknown');
  const arm = armOfLane(id);
  const look = ARM_LOOKS[arm];
  const turn = lane.turns.at(-1) ?? null;
  const foundLater = useLiveState((state) => state.servedBy);
  const servedBy = turn === null ? null : toServedBy(turn, foundLater);
  const sheet = (): Sheet =>
    turn === null
      ? { title: name, lead: 'no question yet', sections: [] }
      : toTurnSheet({ name, turn, before: lane.turns.slice(0, -1), facts, servedBy, mode });
  return (
    <section aria-label={name} data-lane={id} className="flex min-h-0 min-w-0 flex-col">
      <div
        aria-hidden="true"
        className={cn(
          'border-t-(length:--arm)',
          arm === 'baseline' ? 'border-baseline border-dashed' : 'border-distributed border-solid',
        )}
      />
      <header className="flex min-h-[2.4rem] items-center justify-between gap-x-4 py-1.5 stage:min-h-[1.75rem] stage:py-0">
        <h2
          className={cn(
            'flex shrink-0 items-center gap-2 whitespace-nowrap font-semibold text-heading',
            look.text,
          )}
        >
          <ArmMark arm={arm} />
          {name}
        </h2>
        <div className="flex min-w-0 items-center justify-end gap-x-3">
          {turn !== null && (
            <LaneWay
              turn={turn}
              servedBy={servedBy}
              sheet={sheet}
              facts={facts}
              isInName={turn.start?.path === path && name.includes(' by ')}
            />
          )}
          <PathChoice name={name} facts={facts} path={path} onPath={onPath} />
        </div>
      </header>
      <TurnList
        lane={id}
        name={name}
        turns={lane.turns}
        facts={facts}
        isBusy={isBusy}
        answersCopyKey={answersCopyKey}
        commands={commands}
        invitation={invitation}
      />
      <div className="mt-2 shrink-0 stage:mt-0.5">
        <TickTimeline arm={arm} turn={turn} axisEndMs={axisEndMs} />
        <div className="mt-1.5 min-h-[4.4rem] stage:mt-0.5 stage:min-h-[3.95rem]">
          {turn !== null && (
            <LaneFigures
              name={name}
              arm={arm}
              turns={lane.turns}
              turn={turn}
              sentAtMs={lane.sentAtMs}
              mode={mode}
              sheet={sheet}
            />
          )}
        </div>
        <LaneFactsLine
          name={name}
          arm={arm}
          turn={turn}
          servedBy={servedBy}
          sheet={sheet}
          facts={facts}
          path={turn === null ? path : (turn.start?.path ?? turn.asked.path)}
          observedAt={factsAt}
        />
      </div>
    </section>
  );
}
