import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement } from '@/lib/domain/placement';
import { GpuSlot, type SlotSize } from './gpu-slot';
import {
  isRoomy,
  type NodeCard,
  ROLE_WORDS,
  shortNodeName,
  shortPodName,
  spanOf,
  toGpuText,
  toPodState,
  toTaintText,
} from './placement-model';
import { nodeSheet, podSheet } from './placement-sheets';
import { PodPanel } from './pod-panel';

/** What is on the node besides, and what keeps others off it. Every card of the row keeps the same lines for it. */
function NodeFacts({
  placement,
  card,
  lines,
}: {
  placement: Placement;
  card: NodeCard;
  lines: number;
}): ReactNode {
  return (
    <footer
      className="mt-2 flex flex-col overflow-hidden text-ink-soft text-small leading-[1.3] stage:mt-1"
      style={{ minHeight: `${lines * 1.3}em` }}
    >
      {!card.node.ready && (
        <p className="flex items-center gap-1.5 font-semibold text-fail">
          <StateMark state="fail" /> node not Ready
        </p>
      )}
      {!card.node.schedulable && (
        <p className="flex items-center gap-1.5 text-warn">
          <StateMark state="warn" /> cordoned
        </p>
      )}
      {card.riders.map((pod) => (
        <p
          key={pod.uid}
          data-pod={pod.uid}
          className="flex items-center gap-1.5"
          title={`${pod.namespace}/${pod.name}`}
        >
          <StateMark state={toPodState(pod, placement.isOutdated).mark} />
          <ProvenanceButton
            sheet={podSheet(placement, pod)}
            footer={<PodPanel pod={pod} actions={placement.actions} />}
            className="truncate"
          >
            {ROLE_WORDS[pod.role]} <UntrustedText text={shortPodName(pod)} max={16} />, no GPU
          </ProvenanceButton>
        </p>
      ))}
      {card.node.taints.map((taint) => (
        <p key={taint} className="truncate" title={taint}>
          tainted <UntrustedText text={toTaintText(taint)} max={60} />
        </p>
      ))}
    </footer>
  );
}

/** Lines a card needs below its slots. */
function factLines({ node, riders }: NodeCard): number {
  return Number(!node.ready) + Number(!node.schedulable) + riders.length + node.taints.length;
}

function Card({
  placement,
  card,
  size,
  lines,
  isNarrow,
}: {
  placement: Placement;
  card: NodeCard;
  size: SlotSize;
  lines: number;
  /** One column of four: no room for a hero number. */
  isNarrow: boolean;
}): ReactNode {
  const { node, blocks } = card;
  const slots = blocks.reduce((sum, block) => sum + block.width, 0);
  const facts = [node.instanceType ?? 'instance type not known', node.zone, toGpuText(node)];
  const hasRoom = size === 'roomy';
  return (
    <li
      className={cn(
        'flex min-w-0 flex-col rounded-[0.5rem] border-(length:--stroke) border-rule bg-surface p-3 stage:p-2',
        hasRoom && 'min-h-0',
        // A thousand of them are laid out only where they come into view.
        !hasRoom && '[contain-intrinsic-size:auto_12rem] [content-visibility:auto]',
        spanOf(card) > 1 && 'col-span-2',
      )}
      data-node={node.name}
    >
      <header>
        <h3 className="truncate font-mono text-dense">
          <ProvenanceButton sheet={nodeSheet(placement, node)} className="max-w-full truncate">
            <UntrustedText text={shortNodeName(node.name)} max={60} />
          </ProvenanceButton>
        </h3>
        <p className="truncate text-ink-soft text-small">
          {facts.filter((fact) => fact !== null).join(' · ')}
        </p>
      </header>
      <div
        className={cn(
          'mt-2 grid grow auto-rows-fr gap-2 stage:mt-1',
          hasRoom && 'min-h-[13rem] stage:min-h-0',
        )}
        style={{ gridTemplateColumns: `repeat(${Math.min(4, Math.max(1, slots))}, minmax(0, 1fr))` }}
      >
        {blocks.map((block) => (
          <div
            key={block.key}
            className="min-h-0 min-w-0"
            style={{ gridColumn: `span ${Math.min(4, block.width)}` }}
          >
            <GpuSlot
              placement={placement}
              block={block}
              size={blocks.length > 1 || isNarrow ? 'compact' : size}
            />
          </div>
        ))}
        {blocks.length === 0 && <p className="self-center text-center text-ink-soft">no GPU offered</p>}
      </div>
      <NodeFacts placement={placement} card={card} lines={lines} />
    </li>
  );
}

/** Nodes as cards, GPUs as slots in them, pods in the slots. */
export function NodeCards({ placement, cards }: { placement: Placement; cards: NodeCard[] }): ReactNode {
  const columns = cards.reduce((sum, card) => sum + spanOf(card), 0);
  const size: SlotSize = isRoomy(cards) ? 'roomy' : 'compact';
  const lines = size === 'roomy' ? Math.max(0, ...cards.map(factLines)) : 0;
  return (
    <ul
      aria-label="GPU nodes"
      className={cn(
        'grid min-h-0 gap-4 stage:gap-3',
        'grid-cols-[repeat(auto-fit,minmax(14rem,1fr))]',
        size === 'roomy'
          ? cn('stage:grow stage:auto-rows-fr', columns > 3 ? 'stage:grid-cols-4' : 'stage:grid-cols-3')
          : 'auto-rows-min overflow-y-auto pr-[2px] stage:grow stage:grid-cols-3',
      )}
    >
      {cards.map((card) => (
        <Card
          key={card.node.name}
          placement={placement}
          card={card}
          size={size}
          lines={lines}
          isNarrow={columns > 3 && spanOf(card) === 1}
        />
      ))}
    </ul>
  );
}
