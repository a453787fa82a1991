import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { PlacementPod } from '@/lib/domain/placement';
import { countOf } from '@/lib/format/words';
import { shortPodName, toPodState } from './placement-model';

function WaitingPod({ pod, where }: { pod: PlacementPod; where: string | null }): ReactNode {
  const { mark, word, reason } = toPodState(pod);
  return (
    <li
      data-pod={pod.uid}
      className={cn(
        'flex min-w-0 items-start gap-2 border-(length:--stroke) px-3 py-1.5 text-dense stage:px-2 stage:py-1',
        pod.arm === 'other' ? 'rounded-[0.25rem] border-line' : ARM_LOOKS[pod.arm].border,
      )}
    >
      <StateMark state={mark} className="mt-[0.12em]" />
      <p className="min-w-0" title={`${pod.namespace}/${pod.name}`}>
        <strong className={cn('font-semibold', pod.arm !== 'other' && ARM_LOOKS[pod.arm].text)}>
          {pod.arm !== 'other' && <ArmMark arm={pod.arm} />}{' '}
          {pod.arm === 'other' ? 'other' : ARM_LOOKS[pod.arm].short}{' '}
          <span className="font-mono font-normal">
            <UntrustedText text={shortPodName(pod)} max={16} />
          </span>
        </strong>{' '}
        {where ?? word}
        {reason !== null && (
          <span className="line-clamp-2 text-small text-ink-soft stage:line-clamp-1">
            <UntrustedText text={reason} />
          </span>
        )}
      </p>
    </li>
  );
}

/** Pods without a slot, with the reason. The area keeps its place when it is empty. */
export function WaitingArea({
  waiting,
  elsewhere,
  foldedNodes,
}: {
  waiting: readonly PlacementPod[];
  elsewhere: readonly PlacementPod[];
  foldedNodes: number;
}): ReactNode {
  const isEmpty = waiting.length + elsewhere.length === 0;
  return (
    <section
      aria-label="Waiting area"
      className="flex min-h-[2.8rem] shrink-0 items-center gap-4 stage:min-h-[2.6rem] stage:gap-3"
    >
      <h2 className="shrink-0 font-semibold text-dense">Waiting</h2>
      {isEmpty ? (
        <p className="text-dense text-ink-soft">No pod waits for a node.</p>
      ) : (
        <ul className="flex max-h-[9rem] min-w-0 flex-wrap gap-2 overflow-y-auto">
          {waiting.map((pod) => (
            <WaitingPod key={pod.uid} pod={pod} where={null} />
          ))}
          {elsewhere.map((pod) => (
            <WaitingPod key={pod.uid} pod={pod} where={`on ${pod.node ?? ''}, a node that is not shown`} />
          ))}
        </ul>
      )}
      {foldedNodes > 0 && (
        <p className="ml-auto shrink-0 text-small text-ink-soft">
          {countOf(foldedNodes, 'node')} without GPUs folded
        </p>
      )}
    </section>
  );
}
