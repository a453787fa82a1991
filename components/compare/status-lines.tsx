'use client';

import type { ReactNode } from 'react';
import { type Crosshair, useCrosshair } from '@/components/charts/crosshair';
import type { PlotEvent } from '@/components/charts/plot-model';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS, ArmLine } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { ARMS, type UnixMs } from '@/lib/domain/vocabulary';
import { formatClockTime } from '@/lib/format/clock-time';
import { countOf } from '@/lib/format/words';
import { type CompareFrame, toArmRange } from './compare-frame';
import type { CompareScene } from './compare-scene';
import { NextScrape } from './next-scrape';
import { toScreenWords } from './screen-words';

export function formatClock(atMs: UnixMs): string {
  return formatClockTime(new Date(atMs).toISOString());
}

/** Which line is whose, on how many GPUs; of different times, also which. */
export function Legend({ frame, scene }: { frame: CompareFrame; scene: CompareScene }): ReactNode {
  return (
    <ul aria-label="Arms" className="flex flex-wrap gap-x-4 text-small">
      {ARMS.map((arm) => {
        const { gpus } = frame.arms[arm].compare.costs[arm];
        const range = toArmRange(frame, arm);
        return (
          <li
            key={arm}
            className={cn('flex items-center gap-2 whitespace-nowrap font-semibold', ARM_LOOKS[arm].text)}
          >
            <ArmLine arm={arm} />
            {ARM_LOOKS[arm].short}
            {gpus !== null && `, ${countOf(gpus, 'GPU')}`}
            {frame.isAligned && (
              <span className="font-normal tabular-nums">
                {formatClock(range.from)}–{formatClock(range.to)}
                {scene.pin?.arm === arm && ', pinned'}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** How the curves are made and how old they are; what keeps them from being new comes first. */
export function StatusLine({
  frame,
  scene,
  problem,
}: {
  frame: CompareFrame;
  scene: CompareScene;
  problem: string | null;
}): ReactNode {
  const { compare } = frame;
  const isMoving = scene.pausedAt === null && !compare.range.isPinned;
  const asked = (
    <>
      asked <Age since={compare.observedAt} suffix=" ago" /> ·{' '}
    </>
  );
  return (
    <p className="min-w-0 text-right text-small text-ink-soft">
      {problem !== null && (
        <span role="status" className="font-semibold text-ink">
          The newest request failed: <UntrustedText text={problem} max={120} /> ·{' '}
        </span>
      )}
      {scene.pausedAt !== null && (
        <span className="font-semibold text-ink">paused at {formatClockTime(scene.pausedAt)} · </span>
      )}
      {isMoving ? <NextScrape after=" · " otherwise={asked} /> : asked}
      step {compare.stepSeconds} s · rates over {compare.rateWindowSeconds} s
    </p>
  );
}

/** Pages of charts: which are shown, of how many. */
export function Pager({
  first,
  last,
  count,
  page,
  pages,
  onPage,
}: {
  first: number;
  last: number;
  count: number;
  page: number;
  pages: number;
  onPage: (page: number) => void;
}): ReactNode {
  if (pages <= 1) return null;
  const arrow =
    'rounded-[0.375rem] border-(length:--hair) border-line px-[0.55em] leading-[1.5] disabled:text-line';
  return (
    <nav aria-label="Charts" className="flex items-center gap-2 whitespace-nowrap text-small">
      <button
        type="button"
        aria-label="Earlier charts"
        className={arrow}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        ↑
      </button>
      <span className="tabular-nums">
        charts {first}–{last} of {count}
      </span>
      <button
        type="button"
        aria-label="More charts"
        className={arrow}
        disabled={page >= pages}
        onClick={() => onPage(page + 1)}
      >
        ↓
      </button>
    </nav>
  );
}

/** How near the crosshair an event counts as pointed at, in steps. */
const POINTED_STEPS = 2;

/** The newest two; what still runs stays among them, however much happens beside it. */
export function toNews(events: readonly PlotEvent[]): PlotEvent[] {
  const running = events.filter(({ isRunning }) => isRunning).slice(-1);
  const newest = events.filter((event) => !running.includes(event)).slice(-(2 - running.length));
  return [...newest, ...running].sort((one, other) => one.atMs - other.atMs);
}

/** What happened: at the crosshair, or else the newest; one line of reserved height. */
export function EventLine({
  events,
  stepMs,
  crosshair,
  shiftWords,
}: {
  events: readonly PlotEvent[];
  stepMs: number;
  crosshair: Crosshair;
  /** Writes a time of the axis. */
  shiftWords: (atMs: UnixMs) => string;
}): ReactNode {
  const atMs = useCrosshair(crosshair);
  const near =
    atMs === null
      ? toNews(events)
      : events.filter((event) => Math.abs(event.atMs - atMs) <= stepMs * POINTED_STEPS);
  return (
    <p data-events className="min-h-[1.35em] truncate text-small text-ink-soft">
      {atMs !== null && (
        <span className="mr-3 font-semibold text-ink tabular-nums">at {shiftWords(atMs)}</span>
      )}
      {near.map((event) => (
        <span key={`${event.atMs} ${event.text}`} className="mr-4">
          {event.isWarning ? (
            <>
              <StateMark state="warn" className="mr-1" />
              <span className="sr-only">Warning </span>
            </>
          ) : (
            <span aria-hidden="true">▾ </span>
          )}
          <span className="tabular-nums">{shiftWords(event.atMs)}</span>{' '}
          <UntrustedText text={toScreenWords(event.text)} max={140} />
          {event.isRunning && ', running'}
        </span>
      ))}
    </p>
  );
}
