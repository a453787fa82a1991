'use client';

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Crosshair, createCrosshair, stepTime } from '@/components/charts/crosshair';
import { FailedFace } from '@/components/ui/faces';
import { type CompareView, useCompare } from '@/lib/client/use-compare';
import { useDensity } from '@/lib/client/use-density';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { useNow } from '@/lib/client/use-now';
import { type Scene, useScene } from '@/lib/client/use-scene';
import type { CompareAction, KeyCommand } from '@/lib/domain/keys';
import { ARMS, COMPARE_PERCENTILES, COMPARE_WINDOWS } from '@/lib/domain/vocabulary';
import { type ChartId, inReadingOrder, toPages } from './chart-looks';
import { ChartsView, LoadingFace, perPage, useWaitUnit } from './charts-view';
import {
  type CompareFrame,
  findChartSeries,
  nextChoice,
  toAskedEnd,
  toCompareFrame,
  toShownCharts,
} from './compare-frame';
import { COMPARE_SCENE, type CompareScene } from './compare-scene';
import { LadderView } from './ladder-view';
import { ScrapeContext } from './next-scrape';
import { OpenedChart } from './opened-chart';
import { findPublished } from './published-figures';

function shownOf(view: CompareView): Extract<CompareView, { value: unknown }>['value'] | null {
  return view.state === 'current' || view.state === 'stale' ? view.value : null;
}

/** Times of all points of the first chart that has any: they are the same on every chart. */
function toFrameTimes(frame: CompareFrame): number[] {
  for (const { id } of frame.compare.metrics) {
    const times = new Set(
      ARMS.flatMap((arm) => {
        const points = findChartSeries(frame, id, arm)?.points ?? [];
        return points.map(([time]) => Date.parse(time) + frame.arms[arm].shiftMs);
      }),
    );
    const inside = [...times].filter((atMs) => atMs >= frame.from && atMs <= frame.to);
    if (inside.length > 0) return inside.sort((one, other) => one - other);
  }
  return [];
}

/** What the keys of this screen do; `null` where a key means nothing now. */
function toPatch(
  action: CompareAction,
  scene: CompareScene,
  frame: CompareFrame,
): Partial<CompareScene> | null {
  switch (action) {
    case 'pause':
      return { pausedAt: scene.pausedAt === null ? frame.compare.observedAt : null };
    case 'open': {
      const pages = toPages(inReadingOrder(toShownCharts(frame)), perPage(scene));
      return { chart: scene.chart === null ? (pages[scene.page - 1]?.[0] ?? null) : null, view: 'charts' };
    }
    case 'table':
      return { view: scene.view === 'table' ? 'charts' : 'table' };
    case 'ladder':
      return toLadderPatch(action, scene);
    case 'sides':
      return { isSideBySide: !scene.isSideBySide, page: 1 };
    case 'window':
      return { window: nextChoice(scene.window, COMPARE_WINDOWS) };
    case 'percentile':
      return { percentile: nextChoice(scene.percentile, COMPARE_PERCENTILES) };
    case 'earlier':
    case 'later':
      return null;
    default:
      return action satisfies never;
  }
}

/** The ladder needs no curves: its two keys work without them, and the keys of the curves mean nothing there. */
function toLadderPatch(action: CompareAction, scene: CompareScene): Partial<CompareScene> | null {
  if (action === 'ladder') return { view: scene.view === 'ladder' ? 'charts' : 'ladder', chart: null };
  return action === 'table' ? { showsStages: !scene.showsStages } : null;
}

/** Up and Down: the neighbouring chart when one is open, else the neighbouring page of the stage. */
function toNeighbour(
  direction: 'up' | 'down',
  scene: CompareScene,
  frame: CompareFrame,
  isStage: boolean,
): Partial<CompareScene> | null {
  const ids: ChartId[] = inReadingOrder(toShownCharts(frame));
  const step = direction === 'down' ? 1 : -1;
  if (scene.chart !== null) return { chart: ids[ids.indexOf(scene.chart) + step] ?? scene.chart };
  if (!isStage || scene.view !== 'charts') return null;
  const pages = toPages(ids, perPage(scene)).length;
  return { page: Math.min(pages, Math.max(1, scene.page + step)) };
}

function toBack(scene: CompareScene): Partial<CompareScene> | null {
  if (scene.chart !== null) return { chart: null, view: 'charts' };
  return scene.view === 'charts' ? null : { view: 'charts' };
}

function useCompareKeys(
  frame: CompareFrame | null,
  { now, change }: Scene<CompareScene>,
  isStage: boolean,
  crosshair: Crosshair,
): void {
  const apply = (patch: Partial<CompareScene> | null): boolean => {
    if (patch === null) return false;
    change(patch);
    return true;
  };
  useKeyCommands((command: KeyCommand) => {
    const scene = now();
    if (command.type === 'back') return apply(toBack(scene));
    if (command.type === 'compare' && (command.action === 'ladder' || scene.view === 'ladder')) {
      return apply(toLadderPatch(command.action, scene));
    }
    if (frame === null) return false;
    if (command.type === 'select') return apply(toNeighbour(command.direction, scene, frame, isStage));
    if (command.type !== 'compare') return false;
    if (command.action === 'earlier' || command.action === 'later') {
      crosshair.set(stepTime(toFrameTimes(frame), crosshair.get(), command.action));
      return true;
    }
    return apply(toPatch(command.action, scene, frame));
  });
}

/** Compare: both arms on the same axes, and nothing that cannot be sourced. */
export function CompareScreen(): ReactNode {
  const scenery = useScene(COMPARE_SCENE);
  const { scene, change } = scenery;
  const isStage = useDensity() === 'stage';
  const [crosshair] = useState(createCrosshair);
  const { window, percentile, pin } = scene;
  const isOpened = scene.chart !== null;
  const end = useNow(({ serverMs }) => toAskedEnd(scene, serverMs), scene.pausedAt);
  const view = useCompare({ window, percentile, end, breakdown: isOpened });
  const pinned = useCompare(pin === null ? null : { window, percentile, end: pin.end, breakdown: isOpened });

  const compare = shownOf(view);
  const past = pin === null ? null : shownOf(pinned);
  const runFrom = scene.runFrom;
  const frame = useMemo(
    () => (compare === null ? null : toCompareFrame(compare, past, { window, pin, runFrom })),
    [compare, past, window, pin, runFrom],
  );
  useCompareKeys(frame, scenery, isStage, crosshair);

  const scrapes = end === null ? (compare?.nextScrapeAt ?? null) : null;
  const pinProblem = pinned.state === 'failed' ? pinned.problem : null;
  const onPause = (): void => {
    if (frame !== null) change({ pausedAt: scene.pausedAt === null ? frame.compare.observedAt : null });
  };

  if (scene.view === 'ladder') return <LadderView compare={compare} scene={scene} onScene={change} />;
  if (frame === null) {
    return view.state === 'failed' ? <NoCurves problem={view.problem} /> : <LoadingFace />;
  }
  return (
    <ScrapeContext value={scrapes}>
      <Loaded
        frame={frame}
        scene={scene}
        isStage={isStage}
        crosshair={crosshair}
        problem={view.state === 'stale' ? view.problem : pinProblem}
        onScene={change}
        onPause={onPause}
      />
    </ScrapeContext>
  );
}

function NoCurves({ problem }: { problem: string }): ReactNode {
  return (
    <div className="m-auto w-full max-w-[40rem]">
      <h1 className="sr-only">Compare</h1>
      <FailedFace
        happened="The curves could not be had."
        means={problem}
        action="The metrics light in the bar says how the source is; this screen asks again by itself."
      />
    </div>
  );
}

/** All charts, or the one that was opened. */
function Loaded(props: Omit<Parameters<typeof ChartsView>[0], 'waitUnit'>): ReactNode {
  const { frame, scene, crosshair, problem, onScene } = props;
  const waitUnit = useWaitUnit(frame);
  // A pointer that left with its chart points nowhere.
  useEffect(() => () => crosshair.set(null), [crosshair]);
  if (scene.chart === null) return <ChartsView {...props} waitUnit={waitUnit} />;
  const isTable = scene.view === 'table';
  return (
    <div data-stale={problem !== null} className="flex min-h-0 grow flex-col">
      <OpenedChart
        key={scene.chart}
        frame={frame}
        id={scene.chart}
        waitUnit={waitUnit}
        published={findPublished(scene.ghosts)}
        crosshair={crosshair}
        isSideBySide={scene.isSideBySide}
        isTable={isTable}
        onTable={() => onScene({ view: isTable ? 'charts' : 'table' })}
        onClose={() => onScene({ chart: null, view: 'charts' })}
      />
    </div>
  );
}
