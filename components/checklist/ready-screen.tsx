'use client';

import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { LoadingWord, Skeleton } from '@/components/ui/faces';
import { useDensity } from '@/lib/client/use-density';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { type Live, useLiveChecklist } from '@/lib/client/use-live';
import { useNow } from '@/lib/client/use-now';
import { useScene } from '@/lib/client/use-scene';
import type { Checklist } from '@/lib/domain/checklist';
import { isOutOfProof, neighbourGate, toChecklistView } from './checklist-model';
import { CHECKLIST_SCENE } from './checklist-scene';
import { GateGroups } from './gate-groups';
import { GateView } from './gate-view';
import { MorePanel } from './more-panel';
import { ReadyFooter } from './ready-footer';
import { useReadyTools } from './use-ready-tools';
import { VerdictPanel } from './verdict-panel';

const OVERVIEW_GRID =
  'grid min-h-0 grow gap-x-12 gap-y-8 @min-[44rem]:grid-cols-[24rem_1fr] stage:grid-cols-[18.6rem_1fr] stage:grid-rows-[minmax(0,1fr)] stage:gap-x-7';

function LoadingFace(): ReactNode {
  return (
    <div className={OVERVIEW_GRID}>
      <div>
        <h1 className="sr-only">Ready</h1>
        <Skeleton className="h-[7rem] w-[80%]" />
        <div className="mt-6">
          <LoadingWord>Looking at the cluster: the first gates are on their way.</LoadingWord>
        </div>
      </div>
      <div className="grid grid-cols-2 gap-x-10 gap-y-7">
        {['infrastructure', 'platform', 'application', 'observability'].map((group) => (
          <div key={group} className="flex flex-col gap-2">
            <Skeleton className="h-[1.6rem] w-[60%]" />
            <Skeleton className="h-[1.4rem]" />
            <Skeleton className="h-[1.4rem]" />
            <Skeleton className="h-[1.4rem]" />
          </div>
        ))}
      </div>
    </div>
  );
}

type Loaded = Exclude<Live<Checklist>, { state: 'loading' }>;

function LoadedChecklist({ live }: { live: Loaded }): ReactNode {
  const { scene, now, change } = useScene(CHECKLIST_SCENE);
  const density = useDensity();
  const isOut = useNow(({ browserMs }) => isOutOfProof(live, browserMs), false);
  const view = useMemo(() => toChecklistView(live, isOut), [live, isOut]);
  const overview = useRef<HTMLDivElement>(null);

  const group = scene.isOpen
    ? view.groups.find(({ gates }) => gates.some(({ id }) => id === scene.gate))
    : undefined;
  const opened = group?.gates.find(({ id }) => id === scene.gate);
  const tools = useReadyTools();
  const isMore = scene.view === 'more' && opened === undefined;
  const open = (gate: string): void => change({ gate, isOpen: true, view: undefined });
  const showMore = (): void => change(isMore ? { view: undefined } : { isOpen: false, view: 'more' });
  const close = (): void => change({ isOpen: false });

  /** On the overview the rows themselves are walked: what is folded is not stopped at. */
  const moveFocus = (direction: 'up' | 'down'): void => {
    const rows = [...(overview.current?.querySelectorAll<HTMLElement>('[data-gates] [data-gate]') ?? [])];
    const { gate } = now();
    const index = rows.findIndex((row) => row.dataset.gate === gate);
    const next = rows[Math.max(0, Math.min(rows.length - 1, index + (direction === 'down' ? 1 : -1)))];
    if (next === undefined) return;
    next.focus();
    change({ gate: next.dataset.gate ?? null });
  };

  useKeyCommands((command) => {
    switch (command.type) {
      case 'select':
        if (opened === undefined) moveFocus(command.direction);
        else open(neighbourGate(view.groups, now().gate, command.direction) ?? opened.id);
        return true;
      case 'back':
        if (opened === undefined && !isMore) return false;
        if (isMore) showMore();
        else close();
        return true;
      case 'copy':
        if (opened !== undefined) return false;
        tools.copyReport('markdown');
        return true;
      case 'ready':
        if (command.action === 'probe') tools.probe();
        else if (command.action === 'save') tools.saveReport('markdown');
        else showMore();
        return true;
      default:
        return false;
    }
  });

  const isOverview = opened === undefined;
  const selected = scene.gate;
  useEffect(() => {
    if (!isOverview || selected === null) return;
    overview.current
      ?.querySelector<HTMLElement>(`[data-gates] [data-gate="${selected}"]`)
      ?.focus({ preventScroll: true });
  }, [isOverview, selected]);

  if (opened !== undefined && group !== undefined) {
    const titleOf = (id: string): string => live.value.gates.find((gate) => gate.id === id)?.title ?? id;
    return <GateView gate={opened} group={group} titleOf={titleOf} onOpen={open} onClose={close} />;
  }
  return (
    <>
      <div ref={overview} className={OVERVIEW_GRID}>
        <VerdictPanel view={view} checklist={live.value} lastHeardAt={live.lastHeardAt} onOpen={open} />
        {isMore ? (
          <MorePanel checklist={live.value} tools={tools} onOpen={open} onClose={showMore} />
        ) : (
          <GateGroups groups={view.groups} isFolded={density === 'stage'} onOpen={open} />
        )}
      </div>
      <ReadyFooter checklist={live.value} tools={tools} onMore={showMore} />
    </>
  );
}

/** Ready: is everything there that the demo needs, and how do we know? */
export function ReadyScreen(): ReactNode {
  const live = useLiveChecklist();
  if (live.state === 'loading') return <LoadingFace />;
  return (
    <div data-stale={live.state === 'reconnecting'} className="flex min-h-0 grow flex-col">
      <LoadedChecklist live={live} />
    </div>
  );
}
