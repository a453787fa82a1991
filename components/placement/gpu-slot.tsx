import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FigureValue } from '@/components/ui/figure';
import { ProvenanceButton } from '@/components/ui/provenance';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement, PlacementPod } from '@/lib/domain/placement';
import { countOf } from '@/lib/format/words';
import { type EngineFigures, toEngineFigures } from './engine-figures';
import { ROLE_WORDS, type SlotBlock, shortPodName, toPodState } from './placement-model';
import { podSheet } from './placement-sheets';
import { PodPanel } from './pod-panel';

/** Roomy slots have a hero number; where many stand side by side, all figures are equal. */
export type SlotSize = 'roomy' | 'compact';

const FRAME = 'relative flex min-h-0 flex-col overflow-hidden border-(length:--frame) p-3 stage:p-2';

/** How much of the KV cache is held, as a level. Decoration of the figure that says it. */
function KvLevel({ ratio, className }: { ratio: number; className: string }): ReactNode {
  return (
    <span
      aria-hidden="true"
      className={cn('absolute inset-x-0 bottom-0', className)}
      style={{ height: `${Math.round(Math.min(1, Math.max(0, ratio)) * 100)}%` }}
    />
  );
}

function PodHeading({ placement, pod }: { placement: Placement; pod: PlacementPod }): ReactNode {
  const isArm = pod.arm !== 'other';
  return (
    <p className="relative flex items-baseline justify-between gap-2">
      <span
        className={cn(
          'flex items-baseline gap-[0.4em] whitespace-nowrap font-bold font-display text-heading',
          isArm && ARM_LOOKS[pod.arm as 'baseline'].text,
        )}
      >
        {pod.arm === 'other' ? (
          'other workload'
        ) : (
          <>
            <ArmMark arm={pod.arm} />
            {ARM_LOOKS[pod.arm].short}
          </>
        )}
      </span>
      <ProvenanceButton
        sheet={podSheet(placement, pod)}
        footer={isArm ? <PodPanel pod={pod} actions={placement.actions} /> : null}
        className="truncate font-mono text-dense"
      >
        <UntrustedText text={isArm ? shortPodName(pod) : pod.name} max={24} />
      </ProvenanceButton>
    </p>
  );
}

/** An engine of which nothing is known yet says so once, not once per figure. */
function NoFigures({ pod, figures }: { pod: PlacementPod; figures: EngineFigures }): ReactNode {
  return (
    <div className="relative mt-auto">
      <p>
        <FigureValue label={`Running on ${pod.name}`} figure={figures.running} size="figure" />
      </p>
      {figures.running.state === 'unknown' && <p className="text-small">{figures.running.because}</p>}
    </div>
  );
}

function PodFigures({
  placement,
  pod,
  size,
}: {
  placement: Placement;
  pod: PlacementPod;
  size: SlotSize;
}): ReactNode {
  const figures = toEngineFigures(placement, pod);
  const isRoomy = size === 'roomy';
  const isSilent = [figures.running, figures.waiting, figures.kvCache].every(
    ({ state }) => state !== 'known',
  );
  if (isSilent) return <NoFigures pod={pod} figures={figures} />;
  return (
    <div className={cn('relative mt-auto', isRoomy ? 'pt-3 stage:pt-0' : 'flex flex-wrap gap-x-4 pt-2')}>
      <p className="whitespace-nowrap">
        <FigureValue
          label={`Running on ${pod.name}`}
          figure={figures.running}
          size={isRoomy ? 'hero' : 'figure'}
          showsUnit={false}
        />
        <span className={isRoomy ? 'text-body' : 'text-small'}> running</span>
      </p>
      <div className={cn('flex flex-wrap gap-x-4 gap-y-1 stage:gap-x-3', isRoomy && 'mt-2 stage:mt-0')}>
        <p className="whitespace-nowrap">
          <FigureValue
            label={`Waiting on ${pod.name}`}
            figure={figures.waiting}
            size="figure"
            showsUnit={false}
          />
          <span className="text-small"> waiting</span>
        </p>
        <p className="whitespace-nowrap">
          <FigureValue label={`KV cache in use on ${pod.name}`} figure={figures.kvCache} size="figure" />
          <span className="text-small"> KV</span>
        </p>
      </div>
      <p
        className={cn(
          'flex gap-x-[0.6em] overflow-hidden whitespace-nowrap text-ink-soft text-small leading-[1.3]',
          isRoomy && 'mt-1 stage:mt-0.5',
        )}
      >
        <span>
          <FigureValue
            label={`Output of ${pod.name}`}
            figure={figures.tokens}
            size="small"
            showsUnit={false}
          />
          {' tok/s'}
        </span>
        <span>
          {'GPU '}
          <FigureValue label={`GPU in use by ${pod.name}`} figure={figures.gpu} size="small" />
        </span>
        {figures.gpuMemory.state === 'known' && (
          <FigureValue
            label={`GPU memory of ${pod.name}`}
            figure={figures.gpuMemory}
            size="small"
            text={{ digits: figures.gpuMemory.value.toFixed(0), unit: 'GiB' }}
          />
        )}
      </p>
    </div>
  );
}

function PodState({ placement, pod }: { placement: Placement; pod: PlacementPod }): ReactNode {
  const { mark, word, reason } = toPodState(pod, placement.isOutdated);
  return (
    <p className="relative mt-1 flex items-start gap-[0.4em] text-small leading-[1.2] stage:mt-0.5">
      <StateMark state={mark} className="mt-[0.12em]" />
      <span className="min-w-0">
        {word} · {ROLE_WORDS[pod.role]}
        {pod.restarts > 0 && ` · ${countOf(pod.restarts, 'restart')}`}
        {reason !== null && pod.doing !== 'loading' && (
          <span className="line-clamp-3 text-dense">
            <UntrustedText text={reason} />
          </span>
        )}
      </span>
    </p>
  );
}

/** The running clock of a pod that is on its way: what the room waits for. */
function PodClock({
  placement,
  pod,
  size,
}: {
  placement: Placement;
  pod: PlacementPod;
  size: SlotSize;
}): ReactNode {
  const { word, since } = toPodState(pod, placement.isOutdated);
  if (since === null) return null;
  return (
    <p className="relative mt-auto whitespace-nowrap">
      <span className={cn('block font-bold font-display', size === 'roomy' ? 'text-hero' : 'text-figure')}>
        <Age since={since} />
      </span>
      <span className={size === 'roomy' ? 'text-body' : 'text-small'}>
        {pod.doing === 'loading' && pod.gpus > 0 ? 'loading the model' : word}
      </span>
    </p>
  );
}

function PodSlot({
  placement,
  pod,
  size,
}: {
  placement: Placement;
  pod: PlacementPod;
  size: SlotSize;
}): ReactNode {
  const look = pod.arm === 'other' ? null : ARM_LOOKS[pod.arm];
  const { kvCacheRatio } = toEngineFigures(placement, pod);
  return (
    <div
      data-pod={pod.uid}
      data-arm={pod.arm}
      className={cn(FRAME, 'h-full bg-surface', look?.border ?? 'rounded-[0.25rem] border-line')}
    >
      {look !== null && kvCacheRatio !== null && pod.ready && (
        <KvLevel ratio={kvCacheRatio} className={look.fill} />
      )}
      <PodHeading placement={placement} pod={pod} />
      {(size === 'roomy' || !pod.ready || pod.restarts > 0 || placement.isOutdated) && (
        <PodState placement={placement} pod={pod} />
      )}
      {pod.arm !== 'other' && !pod.ready && <PodClock placement={placement} pod={pod} size={size} />}
      {pod.arm !== 'other' && pod.ready && <PodFigures placement={placement} pod={pod} size={size} />}
    </div>
  );
}

/** One block of GPU slots: a pod of an arm, someone else's pod, free, or not known. */
export function GpuSlot({
  placement,
  block,
  size,
}: {
  placement: Placement;
  block: SlotBlock;
  size: SlotSize;
}): ReactNode {
  if (block.pod !== null) return <PodSlot placement={placement} pod={block.pod} size={size} />;
  if (block.state === 'free') {
    return (
      <div
        className={cn(
          FRAME,
          'h-full items-center justify-center rounded-[0.25rem] border-line border-dotted',
        )}
      >
        <p className="text-ink-soft">free</p>
      </div>
    );
  }
  return (
    <div className={cn(FRAME, 'h-full justify-center gap-1 rounded-[0.25rem] border-line')}>
      <p className="flex items-center gap-2 font-semibold">
        {block.state === 'unknown' && <StateMark state="unknown" />}
        {block.state === 'unknown' ? 'not known' : 'taken by another workload'}
      </p>
      {block.state === 'unknown' && (
        <p className="text-small text-ink-soft">this demo only: other namespaces’ pods may not be listed</p>
      )}
      {block.occupant !== null && (
        <p className="font-mono text-small">
          <UntrustedText text={`${block.occupant.namespace}/${block.occupant.name}`} max={60} />
        </p>
      )}
    </div>
  );
}
