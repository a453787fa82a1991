'use client';

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Crosshair } from '@/components/charts/crosshair';
import { cn } from '@/components/ui/cn';
import { LoadingWord, Skeleton } from '@/components/ui/faces';
import { ARMS } from '@/lib/domain/vocabulary';
import { formatClockTime } from '@/lib/format/clock-time';
import { formatWindow } from '@/lib/format/window-words';
import { toPlotEvents } from './chart-lines';
import {
  type ChartId,
  chooseWaitUnit,
  inReadingOrder,
  toChartLook,
  toPages,
  type WaitUnit,
} from './chart-looks';
import { ClaimPanel } from './claim-panel';
import { CompareChart } from './compare-chart';
import { CompareChoices } from './compare-choices';
import { type CompareFrame, findChartSeries, toMissingCharts, toShownCharts } from './compare-frame';
import type { CompareScene } from './compare-scene';
import { CompareTable } from './compare-table';
import { findPublished } from './published-figures';
import { PublishedWords } from './published-words';
import { EventLine, formatClock, Legend, Pager, StatusLine } from './status-lines';

const GRID =
  'grid min-h-0 grow gap-x-12 gap-y-8 @min-[52rem]:grid-cols-[21rem_1fr] stage:grid-cols-[14.8rem_1fr] stage:gap-x-7';
const CHART_GRID = 'grid min-h-0 grow gap-x-8 gap-y-5 stage:gap-x-6 stage:gap-y-2';
const OVERLAY_COLUMNS =
  '@min-[36rem]:grid-cols-2 @min-[84rem]:grid-cols-3 stage:grid-cols-2 stage:grid-rows-3';
const SIDES_COLUMNS = '@min-[84rem]:grid-cols-2 stage:grid-cols-1 stage:grid-rows-3';

/** How far end labels keep apart, as a share of the plot's height: large digits on low plots, small ones on high plots. */
const LABEL_GAP = { stage: 0.48, desk: 0.36 };

/** Charts on one stage page. */
export function perPage(scene: CompareScene): number {
  return scene.isSideBySide ? 3 : 6;
}

/** Shaped like what is to come. */
export function LoadingFace(): ReactNode {
  return (
    <div className={GRID}>
      <div className="flex flex-col gap-5">
        <h1 className="sr-only">Compare</h1>
        <Skeleton className="h-[6rem]" />
        <LoadingWord>Asking for both arms’ curves.</LoadingWord>
        <Skeleton className="h-[5rem] w-[70%]" />
        <Skeleton className="h-[5rem] w-[70%]" />
      </div>
      <div className={cn(CHART_GRID, OVERLAY_COLUMNS)}>
        {['one', 'two', 'three', 'four', 'five', 'six'].map((place) => (
          <Skeleton key={place} className="min-h-[8rem] stage:min-h-0" />
        ))}
      </div>
    </div>
  );
}

/** The unit of the first token's wait, kept while the value swings around the border. */
export function useWaitUnit(frame: CompareFrame): WaitUnit {
  const [unit, setUnit] = useState<WaitUnit | null>(null);
  const means = ARMS.flatMap((arm) => findChartSeries(frame, 'ttft', arm)?.mean ?? []);
  const next = chooseWaitUnit(unit, means.length === 0 ? null : Math.max(...means));
  if (next !== unit) setUnit(next);
  return next;
}

/** One function for all renders: charts that do not change must not be drawn again because of it. */
function useOpener(onScene: LoadedProps['onScene']): (id: ChartId) => void {
  const latest = useRef(onScene);
  useEffect(() => {
    latest.current = onScene;
  });
  return useCallback((id) => latest.current({ chart: id }), []);
}

interface LoadedProps {
  frame: CompareFrame;
  scene: CompareScene;
  isStage: boolean;
  crosshair: Crosshair;
  waitUnit: WaitUnit;
  problem: string | null;
  onScene(patch: Partial<CompareScene>): void;
  onPause(): void;
}

/** The claim beside pages of charts. */
export function ChartsView({
  frame,
  scene,
  isStage,
  crosshair,
  waitUnit,
  problem,
  onScene,
  onPause,
}: LoadedProps): ReactNode {
  const published = findPublished(scene.ghosts);
  const ids = inReadingOrder(toShownCharts(frame));
  const pages = toPages(ids, perPage(scene));
  const page = Math.min(scene.page, Math.max(1, pages.length));
  const shown = isStage ? (pages[page - 1] ?? []) : ids;
  const first = (page - 1) * perPage(scene) + 1;
  const isMoving = scene.pausedAt === null;
  const startWord = frame.isAligned ? 'start' : `−${formatWindow(frame.compare.window)}`;
  const endWord = frame.isAligned
    ? `+${formatWindow(frame.compare.window)}`
    : isMoving
      ? 'now'
      : formatClockTime(frame.compare.range.to);
  const onOpen = useOpener(onScene);
  const { isSideBySide } = scene;
  const labelGap = isStage ? LABEL_GAP.stage : LABEL_GAP.desk;
  const setting = useMemo(
    () => ({
      crosshair,
      labelGap,
      waitUnit,
      published,
      isSideBySide,
      startWord,
      endWord,
      onOpen,
    }),
    [crosshair, labelGap, waitUnit, published, isSideBySide, startWord, endWord, onOpen],
  );
  const events = useMemo(() => toPlotEvents(frame), [frame]);
  const missing = isStage ? [] : toMissingCharts(frame);
  return (
    <div data-stale={problem !== null} data-range-to={frame.compare.range.to} className={GRID}>
      <ClaimPanel frame={frame} waitUnit={waitUnit} />
      <div className="flex min-h-0 min-w-0 flex-col gap-4 stage:gap-2">
        <CompareChoices
          scene={scene}
          onScene={onScene}
          onPause={onPause}
          observedAt={frame.compare.observedAt}
          grafana={frame.compare.grafana}
        />
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
          <Legend frame={frame} scene={scene} />
          <StatusLine frame={frame} scene={scene} problem={problem} />
        </div>
        {scene.view === 'table' ? (
          <CompareTable frame={frame} ids={ids} waitUnit={waitUnit} />
        ) : (
          <>
            <div className={cn(CHART_GRID, isSideBySide ? SIDES_COLUMNS : OVERLAY_COLUMNS)}>
              {shown.map((id) => (
                <CompareChart key={id} frame={frame} id={id} setting={setting} />
              ))}
            </div>
            <div className="flex items-center justify-between gap-6">
              <EventLine
                events={events}
                stepMs={frame.compare.stepSeconds * 1_000}
                crosshair={crosshair}
                shiftWords={formatClock}
              />
              {isStage && (
                <Pager
                  first={first}
                  last={first + shown.length - 1}
                  count={ids.length}
                  page={page}
                  pages={pages.length}
                  onPage={(next) => onScene({ page: next })}
                />
              )}
            </div>
            {published !== null && <PublishedWords published={published} isShort />}
            {missing.length > 0 && (
              <p className="text-ink-soft text-small">
                Looked for and not found:{' '}
                {missing
                  .map(({ id, because }) => `${toChartLook(id, waitUnit).title} (${because})`)
                  .join('; ')}
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
