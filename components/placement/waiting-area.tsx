import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement, PlacementPod } from '@/lib/domain/placement';
import { countOf } from '@/lib/format/words';
import {
  type NodeCard,
  type PlacementView,
  shortPodName,
  toFoldedWords,
  toPodState,
} from './placement-model';
import { podSheet, quotaSheet, scalingSheet } from './placement-sheets';
import { PodPanel } from './pod-panel';

function WaitingPod({
  placement,
  pod,
  where,
}: {
  placement: Placement;
  pod: PlacementPod;
  where: string | null;
}): ReactNode {
  const { mark, word, reason, since } = toPodState(pod, placement.isOutdated);
  return (
    <li
      data-pod={pod.uid}
      className={cn(
        'flex min-w-0 items-start gap-2 border-(length:--stroke) px-3 py-1.5 text-dense leading-[1.2] stage:px-2 stage:py-0',
        pod.arm === 'other' ? 'rounded-[0.25rem] border-line' : ARM_LOOKS[pod.arm].border,
      )}
    >
      <StateMark state={mark} className="mt-[0.05em]" />
      <p className="min-w-0" title={`${pod.namespace}/${pod.name}`}>
        <strong className={cn('font-semibold', pod.arm !== 'other' && ARM_LOOKS[pod.arm].text)}>
          {pod.arm !== 'other' && <ArmMark arm={pod.arm} />}{' '}
          {pod.arm === 'other' ? 'other' : ARM_LOOKS[pod.arm].short}{' '}
          <ProvenanceButton
            sheet={podSheet(placement, pod)}
            footer={pod.arm === 'other' ? null : <PodPanel pod={pod} actions={placement.actions} />}
            className="font-mono font-normal"
          >
            <UntrustedText text={shortPodName(pod)} max={16} />
          </ProvenanceButton>
        </strong>{' '}
        {where ?? word}
        {since !== null && (
          <>
            {' · '}
            <Age since={since} />
          </>
        )}
        {reason !== null && (
          <span className="line-clamp-2 text-small text-ink-soft leading-[1.2]">
            <UntrustedText text={reason} />
          </span>
        )}
      </p>
    </li>
  );
}

/** Whether every GPU node is drawn, and the press that changes it. */
export interface ShowsAll {
  isOn: boolean;
  toggle: () => void;
}

/** What is not drawn: GPU nodes without room, which a press shows, nodes without GPUs, pods of others. */
function NotDrawn({
  placement,
  folded,
  all,
}: {
  placement: Placement;
  folded: readonly NodeCard[];
  all: ShowsAll;
}): ReactNode {
  const { foldedNodes, allPodsSeen } = placement;
  const more = all.isOn ? 'back to the demo’s nodes' : toFoldedWords(folded);
  const words = [
    ...(foldedNodes > 0
      ? [
          more === null
            ? `${countOf(foldedNodes, 'node')} without GPUs folded`
            : `${foldedNodes} without GPUs`,
        ]
      : []),
    ...(allPodsSeen ? [] : ['GPUs of this demo only']),
  ];
  if (more === null && words.length === 0) return null;
  return (
    <li>
      {more !== null && (
        <button type="button" onClick={all.toggle} className="underline decoration-line underline-offset-4">
          {more}
        </button>
      )}
      {more !== null && words.length > 0 && ' · '}
      {words.join(' · ')}
    </li>
  );
}

/** How far each arm is, the quota both share, and what is not drawn; each opens to its counts. */
function Facts({
  placement,
  folded,
  all,
}: {
  placement: Placement;
  folded: readonly NodeCard[];
  all: ShowsAll;
}): ReactNode {
  const { scaling, quota } = placement;
  return (
    <ul className="ml-auto flex shrink-0 flex-col items-end text-ink-soft text-small leading-[1.25]">
      <li className="flex gap-x-3">
        {scaling.map((arm) => (
          <ProvenanceButton key={arm.arm} sheet={scalingSheet(placement, arm)} className="whitespace-nowrap">
            <ArmMark arm={arm.arm} /> {ARM_LOOKS[arm.arm].short} {arm.ready} of {arm.desired ?? '?'}
            {arm.autoscaler !== null && arm.autoscaler.max !== arm.autoscaler.min && ' · autoscaled'}
          </ProvenanceButton>
        ))}
      </li>
      {quota !== null && (
        <li>
          <ProvenanceButton sheet={quotaSheet(placement, quota)}>
            quota {quota.used ?? '?'} of {quota.total ?? '?'} GPUs
          </ProvenanceButton>
        </li>
      )}
      <NotDrawn placement={placement} folded={folded} all={all} />
    </ul>
  );
}

/** Pods without a slot, with the reason. The area keeps its height, whether somebody waits or not. */
export function WaitingArea({
  placement,
  view,
  all,
}: {
  placement: Placement;
  view: PlacementView;
  all: ShowsAll;
}): ReactNode {
  const { waiting, elsewhere, folded } = view;
  const isEmpty = waiting.length + elsewhere.length === 0;
  return (
    <section
      aria-label="Waiting area"
      className="flex min-h-[4rem] shrink-0 items-center gap-4 stage:h-[3.3rem] stage:min-h-0 stage:gap-3"
    >
      <h2 className="shrink-0 font-semibold text-dense">Waiting</h2>
      {isEmpty ? (
        <p className="text-dense text-ink-soft">No pod waits for a node.</p>
      ) : (
        <ul className="flex max-h-[9rem] min-w-0 flex-wrap gap-2 overflow-y-auto stage:max-h-full">
          {waiting.map((pod) => (
            <WaitingPod key={pod.uid} placement={placement} pod={pod} where={null} />
          ))}
          {elsewhere.map((pod) => (
            <WaitingPod
              key={pod.uid}
              placement={placement}
              pod={pod}
              where={`on ${pod.node ?? ''}, a node that is not shown`}
            />
          ))}
        </ul>
      )}
      <Facts placement={placement} folded={folded} all={all} />
    </section>
  );
}
