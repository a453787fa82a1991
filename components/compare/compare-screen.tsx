'use client';

import { type ReactNode, useMemo } from 'react';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS, ArmLine } from '@/components/ui/arm-mark';
import { Choice } from '@/components/ui/choice';
import { cn } from '@/components/ui/cn';
import { FailedFace, LoadingWord, Skeleton } from '@/components/ui/faces';
import { useCompare } from '@/lib/client/use-compare';
import { useDensity } from '@/lib/client/use-density';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { useLiveState } from '@/lib/client/use-live';
import { useScene } from '@/lib/client/use-scene';
import { countArmGpus } from '@/lib/domain/arm-gpus';
import type { Compare } from '@/lib/domain/compare';
import { findMetric } from '@/lib/domain/compare-figures';
import { ARMS, type Arm, COMPARE_PERCENTILES, COMPARE_WINDOWS } from '@/lib/domain/vocabulary';
import { formatClockTime } from '@/lib/format/clock-time';
import { formatWindow } from '@/lib/format/window-words';
import { countOf } from '@/lib/format/words';
import { CHART_PAGES, toChartModel } from './chart-model';
import { ClaimPanel } from './claim-panel';
import { CompareChart } from './compare-chart';
import { COMPARE_PAGES, COMPARE_SCENE, type CompareScene } from './compare-scene';

const GRID =
  'grid min-h-0 grow gap-x-12 gap-y-8 @min-[52rem]:grid-cols-[21rem_1fr] stage:grid-cols-[14.8rem_1fr] stage:gap-x-7';
const CHART_GRID =
  'grid min-h-0 grow gap-x-8 gap-y-5 @min-[36rem]:grid-cols-2 @min-[84rem]:grid-cols-3 stage:grid-cols-2 stage:gap-x-6 stage:gap-y-2';

const ALL_CHARTS = [...CHART_PAGES[1], ...CHART_PAGES[2]];

/** How far end labels keep apart, as a share of the plot's height: large digits on low plots, small ones on high plots. */
const LABEL_GAP = { stage: 0.42, desk: 0.36 };

const WINDOW_OPTIONS = COMPARE_WINDOWS.map((window) => ({ value: window, label: window }));
const PERCENTILE_OPTIONS = COMPARE_PERCENTILES.map((percentile) => ({
  value: percentile,
  label: `p${percentile}`,
}));
const PAGE_OPTIONS = COMPARE_PAGES.map((page) => ({ value: page, label: `${page}/${COMPARE_PAGES.length}` }));

function Choices({
  scene,
  isStage,
  onScene,
}: {
  scene: CompareScene;
  isStage: boolean;
  onScene: (patch: Partial<CompareScene>) => void;
}): ReactNode {
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-2">
      <Choice
        label="Window"
        options={WINDOW_OPTIONS}
        value={scene.window}
        onChoose={(window) => onScene({ window })}
      />
      <Choice
        label="Percentile"
        options={PERCENTILE_OPTIONS}
        value={scene.percentile}
        onChoose={(percentile) => onScene({ percentile })}
      />
      <button
        type="button"
        aria-pressed={scene.isPaused}
        onClick={() => onScene({ isPaused: !scene.isPaused })}
        className="min-w-[5.2em] rounded-[0.375rem] border-(length:--hair) border-line px-[0.6em] py-[0.2em] text-small aria-pressed:bg-ink aria-pressed:text-ground"
      >
        {scene.isPaused ? 'Go on' : 'Pause'}
      </button>
      {isStage && (
        <Choice
          label="Charts"
          options={PAGE_OPTIONS}
          value={scene.page}
          onChoose={(page) => onScene({ page })}
        />
      )}
    </div>
  );
}

function Legend({ gpus }: { gpus: Record<Arm, number | null> }): ReactNode {
  return (
    <ul aria-label="Arms" className="flex gap-x-4 text-small">
      {ARMS.map((arm) => (
        <li
          key={arm}
          className={cn('flex items-center gap-2 whitespace-nowrap font-semibold', ARM_LOOKS[arm].text)}
        >
          <ArmLine arm={arm} />
          {ARM_LOOKS[arm].short}
          {gpus[arm] !== null && `, ${countOf(gpus[arm], 'GPU')}`}
        </li>
      ))}
    </ul>
  );
}

function LoadingFace(): ReactNode {
  return (
    <div className={GRID}>
      <div className="flex flex-col gap-5">
        <h1 className="sr-only">Compare</h1>
        <Skeleton className="h-[6rem]" />
        <LoadingWord>Asking for both arms’ curves.</LoadingWord>
        <Skeleton className="h-[5rem] w-[70%]" />
        <Skeleton className="h-[5rem] w-[70%]" />
      </div>
      <div className={cn(CHART_GRID, 'stage:grid-rows-3')}>
        {CHART_PAGES[1].map((id) => (
          <Skeleton key={id} className="min-h-[8rem] stage:min-h-0" />
        ))}
      </div>
    </div>
  );
}

function LoadedCompare({
  compare,
  scene,
  isStage,
  onScene,
  problem,
}: {
  compare: Compare;
  scene: CompareScene;
  isStage: boolean;
  onScene: (patch: Partial<CompareScene>) => void;
  problem: string | null;
}): ReactNode {
  const placement = useLiveState((state) => state.placement);
  const gpus = {
    baseline: placement === null ? null : countArmGpus(placement, 'baseline'),
    distributed: placement === null ? null : countArmGpus(placement, 'distributed'),
  };
  const ids = isStage ? CHART_PAGES[scene.page] : ALL_CHARTS;
  const charts = useMemo(
    () =>
      ids.flatMap((id) => {
        const metric = findMetric(compare, id);
        return metric === null
          ? []
          : [toChartModel(compare, metric, isStage ? LABEL_GAP.stage : LABEL_GAP.desk)];
      }),
    [compare, ids, isStage],
  );
  const endWord = scene.isPaused ? formatClockTime(compare.observedAt) : 'now';
  return (
    <div data-stale={problem !== null} className={GRID}>
      <ClaimPanel compare={compare} gpus={gpus} />
      <div className="flex min-h-0 min-w-0 flex-col gap-4 stage:gap-2">
        <Choices scene={scene} isStage={isStage} onScene={onScene} />
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
          <Legend gpus={gpus} />
          <p className="text-small text-ink-soft" aria-live="polite">
            {problem === null ? '' : `The newest request failed: ${problem} · `}
            step {compare.stepSeconds} s · rates over {compare.rateWindowSeconds} s · asked{' '}
            <Age since={compare.observedAt} suffix=" ago" />
            {scene.isPaused && ' · paused'}
          </p>
        </div>
        <div className={cn(CHART_GRID, scene.page === 1 ? 'stage:grid-rows-3' : 'stage:grid-rows-2')}>
          {charts.map((chart) => (
            <CompareChart
              key={chart.id}
              chart={chart}
              windowWord={formatWindow(compare.window)}
              endWord={endWord}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Compare: both arms on the same axes, and nothing that cannot be sourced. */
export function CompareScreen(): ReactNode {
  const { scene, change } = useScene(COMPARE_SCENE);
  const isStage = useDensity() === 'stage';
  const view = useCompare(scene, scene.isPaused);

  useKeyCommands((command) => {
    if (command.type !== 'select' || !isStage) return false;
    change({ page: command.direction === 'down' ? 2 : 1 });
    return true;
  });

  switch (view.state) {
    case 'loading':
      return <LoadingFace />;
    case 'failed':
      return (
        <div className="m-auto w-full max-w-[40rem]">
          <h1 className="sr-only">Compare</h1>
          <FailedFace
            happened="The curves could not be had."
            means={view.problem}
            action="The metrics light in the bar says how the source is; this screen asks again by itself."
          />
        </div>
      );
    case 'stale':
    case 'current':
      return (
        <LoadedCompare
          compare={view.value}
          scene={scene}
          isStage={isStage}
          onScene={change}
          problem={view.state === 'stale' ? view.problem : null}
        />
      );
    default:
      return view satisfies never;
  }
}
