'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { ChatLane } from '@/lib/client/chat-store';
import { useLiveState } from '@/lib/client/use-live';
import { type Arm, CHAT_PATHS, type ChatPath } from '@/lib/domain/vocabulary';
import { LaneFigures } from './lane-figures';
import { toServedBy } from './served-by';
import { TickTimeline } from './tick-timeline';
import { isSchedulerBypassed, toPathWords } from './turn-figures';
import { TurnList } from './turn-list';

const PATH_OPTIONS: Record<ChatPath, string> = {
  gateway: 'by Gateway',
  route: 'by Route',
  service: 'by Service',
};

function PathChoice({
  arm,
  path,
  onPath,
}: {
  arm: Arm;
  path: ChatPath | null;
  onPath: (path: ChatPath | null) => void;
}): ReactNode {
  return (
    <label className="text-small text-ink-soft">
      <span className="sr-only">Path to {ARM_LOOKS[arm].name}</span>
      <select
        value={path ?? 'automatic'}
        onChange={({ target }) => onPath(CHAT_PATHS.find((known) => known === target.value) ?? null)}
        className="rounded-[0.25rem] border-(length:--hair) border-line bg-surface px-1.5 py-0.5 text-ink"
      >
        <option value="automatic">best path</option>
        {CHAT_PATHS.map((known) => (
          <option key={known} value={known}>
            {PATH_OPTIONS[known]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The way the latest answer took, and who gave it. */
function Way({ lane }: { lane: ChatLane }): ReactNode {
  const foundLater = useLiveState((state) => state.servedBy);
  const turn = lane.turns.at(-1);
  if (turn === undefined || turn.start === null) return null;
  const servedBy = toServedBy(turn, foundLater);
  return (
    <p className="min-w-0 text-right text-small">
      <span className="whitespace-nowrap">
        <UntrustedText text={toPathWords(turn, servedBy)} max={60} />
      </span>
      {isSchedulerBypassed(turn) && (
        <span className="ml-2 inline-flex items-center gap-1 whitespace-nowrap font-semibold text-warn">
          <StateMark state="warn" /> scheduler bypassed
        </span>
      )}
      {turn.outcome.state === 'ended' && (
        <span className="ml-2 text-ink-soft">
          {servedBy === null ? 'serving pod not known' : `known by ${servedBy.method}`}
        </span>
      )}
    </p>
  );
}

/** One arm's lane: its line, its way, its conversation, its ticks and its numbers. */
export function Lane({
  arm,
  lane,
  axisEndMs,
  path,
  onPath,
}: {
  arm: Arm;
  lane: ChatLane;
  axisEndMs: number;
  path: ChatPath | null;
  onPath: (path: ChatPath | null) => void;
}): ReactNode {
  const mode = useLiveState((state) => state.status?.mode ?? 'unknown');
  const look = ARM_LOOKS[arm];
  const turn = lane.turns.at(-1) ?? null;
  return (
    <section aria-label={look.name} data-lane={arm} className="flex min-h-0 min-w-0 flex-col">
      <div
        aria-hidden="true"
        className={cn(
          'border-t-(length:--arm)',
          arm === 'baseline' ? 'border-baseline border-dashed' : 'border-distributed border-solid',
        )}
      />
      <header className="flex min-h-[2.4rem] flex-wrap items-center justify-between gap-x-4 py-1.5 stage:min-h-[1.9rem] stage:py-1">
        <h2 className={cn('flex items-center gap-2 font-semibold text-heading', look.text)}>
          <ArmMark arm={arm} />
          {look.name}
        </h2>
        <div className="flex min-w-0 flex-wrap items-center justify-end gap-x-3">
          <Way lane={lane} />
          <PathChoice arm={arm} path={path} onPath={onPath} />
        </div>
      </header>
      <TurnList arm={arm} turns={lane.turns} />
      <div className="mt-2 shrink-0">
        <TickTimeline arm={arm} turn={turn} axisEndMs={axisEndMs} />
        <div className="mt-2 min-h-[6.2rem] stage:mt-1 stage:min-h-[5.6rem]">
          {turn === null ? (
            <p className="text-dense text-ink-soft">No question yet: ask below, or press Shift + 1.</p>
          ) : (
            <LaneFigures turn={turn} sentAtMs={lane.sentAtMs} mode={mode} />
          )}
        </div>
      </div>
    </section>
  );
}
