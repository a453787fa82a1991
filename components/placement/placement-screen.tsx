'use client';

import { type ReactNode, useMemo, useRef } from 'react';
import { Age } from '@/components/ui/age';
import { Choice } from '@/components/ui/choice';
import { cn } from '@/components/ui/cn';
import { EmptyFace, LoadingWord, Skeleton } from '@/components/ui/faces';
import { ProvenanceButton } from '@/components/ui/provenance';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { useLivePlacement } from '@/lib/client/use-live';
import { useScene } from '@/lib/client/use-scene';
import type { Placement } from '@/lib/domain/placement';
import type { SourceState } from '@/lib/domain/vocabulary';
import { EventTimeline } from './event-timeline';
import { NodeCards } from './node-cards';
import { PathStrip, SchedulerNote } from './path-strip';
import { type PlacementView, toPlacementView } from './placement-model';
import { PLACEMENT_SCENE } from './placement-scene';
import { statementSheet } from './placement-sheets';
import { UnderTheHood } from './under-the-hood';
import { usePodMotion } from './use-pod-motion';
import { type ShowsAll, WaitingArea } from './waiting-area';

const NODES_AWAY: Partial<Record<SourceState, string>> = {
  forbidden: 'This dashboard may not list nodes. Pods are shown where the namespace tells them.',
  unreachable: 'The cluster cannot be reached.',
  syncing: 'The first list of nodes is on its way.',
  unauthenticated: 'The cluster refused the login.',
};

/** Long sentences are set smaller, so that each fits the 4.2 rem that are kept for it, whatever its size. */
function headlineSize(text: string): string {
  if (text.length <= 78) return 'text-title stage:h-[2.4em]';
  return text.length <= 100
    ? 'text-title stage:h-[2.8em] stage:text-[1.5rem]'
    : 'text-title stage:h-[3.5em] stage:text-[1.2rem]';
}

/** Two lines are kept for it, so that what is below stays where it is. */
function Statement({ placement }: { placement: Placement }): ReactNode {
  const { text, verdict } = placement.statement;
  return (
    <h1
      className={cn('min-w-0 overflow-hidden font-bold tracking-[-0.01em]', headlineSize(text))}
      aria-live="polite"
    >
      <ProvenanceButton
        sheet={statementSheet(placement)}
        className="max-w-[26em] text-balance stage:max-w-none"
      >
        <UntrustedText text={text} />{' '}
        <span className={cn('whitespace-nowrap font-semibold text-dense', STATE_TEXT[verdict])}>
          <StateMark state={verdict} className="mr-[0.3em] align-[-0.15em]" />
          {verdict}
        </span>
      </ProvenanceButton>
    </h1>
  );
}

function LoadingFace(): ReactNode {
  return (
    <div className="flex grow flex-col gap-5">
      <h1 className="sr-only">Placement</h1>
      <Skeleton className="h-[2.2rem] w-[60%]" />
      <LoadingWord>Looking at nodes and pods.</LoadingWord>
      <Skeleton className="h-[3rem]" />
      <div className="grid grow grid-cols-4 gap-4">
        <Skeleton className="h-[16rem]" />
        <Skeleton className="h-[16rem]" />
        <Skeleton className="h-[16rem]" />
        <Skeleton className="h-[16rem]" />
      </div>
    </div>
  );
}

const VIEWS = [
  { value: 'nodes', label: 'Nodes' },
  { value: 'hood', label: 'Under the hood' },
] as const;

function Nodes({
  placement,
  view,
  all,
}: {
  placement: Placement;
  view: PlacementView;
  all: ShowsAll;
}): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  usePodMotion(root, view);
  return (
    <div
      ref={root}
      className="grid min-h-0 grow gap-x-10 gap-y-6 @min-[60rem]:grid-cols-[1fr_24rem] stage:grid-cols-[1fr_15.5rem] stage:gap-x-6"
    >
      <div className="flex min-h-0 flex-col gap-4 stage:gap-2">
        {view.cards.length > 0 ? (
          <NodeCards placement={placement} cards={view.cards} />
        ) : (
          // The waiting area keeps its place below.
          <div className="stage:grow">
            <EmptyFace
              title="No GPU node to show"
              because={
                NODES_AWAY[placement.nodesState] ??
                'No node offers a GPU, and no pod of either arm has a node.'
              }
            />
          </div>
        )}
        <WaitingArea placement={placement} view={view} all={all} />
      </div>
      <EventTimeline placement={placement} />
    </div>
  );
}

function LoadedPlacement({ placement, isStale }: { placement: Placement; isStale: boolean }): ReactNode {
  const { scene, change } = useScene(PLACEMENT_SCENE);
  const showsAll = scene.view === 'all';
  const view = useMemo(() => toPlacementView(placement, showsAll), [placement, showsAll]);
  useKeyCommands((command) => {
    if (command.type !== 'back') return false;
    change({ view: 'nodes' });
    return true;
  }, scene.view !== 'nodes');
  return (
    <div
      data-stale={isStale || placement.isOutdated}
      className="flex min-h-0 grow flex-col gap-5 stage:gap-2"
    >
      <div className="grid gap-x-10 gap-y-2 @min-[60rem]:grid-cols-[1fr_24rem] stage:grid-cols-[1fr_15.5rem] stage:gap-x-6">
        <Statement placement={placement} />
        <div className="flex flex-col items-start justify-between gap-2 stage:gap-0">
          <Choice
            label="View"
            options={VIEWS}
            value={scene.view === 'hood' ? 'hood' : 'nodes'}
            onChoose={(chosen) => change({ view: chosen })}
          />
          {isStale || placement.isOutdated ? (
            <p className="flex items-start gap-2 text-dense text-unknown leading-[1.25]">
              <StateMark state="unknown" className="mt-[0.05em]" />
              <span>
                last seen <Age since={placement.observedAt} suffix=" ago" />
              </span>
            </p>
          ) : (
            <SchedulerNote placement={placement} />
          )}
        </div>
      </div>
      <PathStrip placement={placement} />
      {scene.view === 'hood' ? (
        <UnderTheHood placement={placement} />
      ) : (
        <Nodes
          placement={placement}
          view={view}
          all={{ isOn: showsAll, toggle: () => change({ view: showsAll ? 'nodes' : 'all' }) }}
        />
      )}
    </div>
  );
}

/** Placement: which pod sits on which GPU, and which way a request takes. */
export function PlacementScreen(): ReactNode {
  const live = useLivePlacement();
  if (live.state === 'loading') return <LoadingFace />;
  return <LoadedPlacement placement={live.value} isStale={live.state === 'reconnecting'} />;
}
