'use client';

import { type ReactNode, useMemo, useRef } from 'react';
import { cn } from '@/components/ui/cn';
import { EmptyFace, LoadingWord, Skeleton } from '@/components/ui/faces';
import { ProvenanceButton } from '@/components/ui/provenance';
import { MODE_WORDS, type Sheet } from '@/components/ui/provenance-model';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { useLivePlacement } from '@/lib/client/use-live';
import type { Placement } from '@/lib/domain/placement';
import type { SourceState } from '@/lib/domain/vocabulary';
import { EventTimeline } from './event-timeline';
import { NodeCards } from './node-cards';
import { PathStrip, SchedulerNote } from './path-strip';
import { toPlacementView } from './placement-model';
import { usePodMotion } from './use-pod-motion';
import { WaitingArea } from './waiting-area';

const NODES_AWAY: Partial<Record<SourceState, string>> = {
  forbidden: 'This dashboard may not list nodes. Pods are shown where the namespace tells them.',
  unreachable: 'The cluster cannot be reached.',
  syncing: 'The first list of nodes is on its way.',
  unauthenticated: 'The cluster refused the login.',
};

function statementSheet(placement: Placement): Sheet {
  return {
    title: 'Placement',
    lead: placement.statement.text,
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[placement.mode] },
          { kind: 'code', name: 'Requests', value: 'list and watch of nodes, pods and the serving objects' },
          { kind: 'time', name: 'Observed', value: placement.observedAt },
          {
            kind: 'text',
            name: 'Meaning',
            value:
              'The word (replicas, data parallel, shards) follows the objects and the effective engine arguments, not the plan.',
          },
        ],
      },
    ],
  };
}

function Statement({ placement }: { placement: Placement }): ReactNode {
  const { text, verdict } = placement.statement;
  return (
    <h1 className="min-w-0 font-bold text-title tracking-[-0.01em]" aria-live="polite">
      <ProvenanceButton sheet={statementSheet(placement)} className="max-w-[26em] text-balance">
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

function LoadedPlacement({ placement, isStale }: { placement: Placement; isStale: boolean }): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const view = useMemo(() => toPlacementView(placement), [placement]);
  usePodMotion(root, view);
  return (
    <div ref={root} data-stale={isStale} className="flex min-h-0 grow flex-col gap-5 stage:gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2 stage:flex-nowrap">
        <Statement placement={placement} />
        <SchedulerNote schedulerInPath={placement.schedulerInPath} />
      </div>
      <PathStrip placement={placement} />
      <div className="grid min-h-0 grow gap-x-10 gap-y-6 @min-[60rem]:grid-cols-[1fr_24rem] stage:grid-cols-[1fr_15.5rem] stage:gap-x-6">
        <div className="flex min-h-0 flex-col gap-4 stage:gap-2">
          {view.cards.length > 0 ? (
            <NodeCards placement={placement} cards={view.cards} />
          ) : (
            <EmptyFace
              title="No GPU node to show"
              because={
                NODES_AWAY[placement.nodesState] ??
                'No node offers a GPU, and no pod of either arm has a node.'
              }
            />
          )}
          <WaitingArea
            waiting={view.waiting}
            elsewhere={view.elsewhere}
            foldedNodes={placement.foldedNodes}
          />
        </div>
        <EventTimeline placement={placement} />
      </div>
    </div>
  );
}

/** Placement: which pod sits on which GPU, and which way a request takes. */
export function PlacementScreen(): ReactNode {
  const live = useLivePlacement();
  if (live.state === 'loading') return <LoadingFace />;
  return <LoadedPlacement placement={live.value} isStale={live.state === 'reconnecting'} />;
}
