import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement, PlacementEvent } from '@/lib/domain/placement';
import { eventSheet, storySheet } from './placement-sheets';
import { shortStoryName, type TimelineItem, toTimeline } from './timeline-model';

/** A generated name's own part; names given by people stay whole. */
function shortObject(name: string): string {
  const parts = name.split('-');
  return parts.length > 4 ? (parts.at(-1) ?? name) : name;
}

const ROW =
  'grid w-full grid-cols-[4.2em_1fr] gap-x-2 py-1.5 text-dense stage:grid-cols-[3.4em_1fr] stage:py-1';

function EventRow({ placement, event }: { placement: Placement; event: PlacementEvent }): ReactNode {
  return (
    <ProvenanceButton sheet={eventSheet(placement, event)} className={ROW}>
      <span className="text-ink-soft text-small">
        <Age since={event.at} />
      </span>{' '}
      <span className="min-w-0">
        {event.type === 'Warning' && (
          <>
            <StateMark state="warn" className="mr-1 align-[-0.15em]" />
            <span className="sr-only">Warning: </span>
          </>
        )}
        <span className="font-medium">
          <UntrustedText text={event.reason} max={60} />
        </span>{' '}
        <span className="inline-block max-w-full truncate align-bottom font-mono text-ink-soft text-small">
          <UntrustedText text={shortObject(event.object.name)} max={32} />
        </span>{' '}
        <span className="line-clamp-2 text-small">
          <UntrustedText text={event.message} max={200} />
        </span>
      </span>
    </ProvenanceButton>
  );
}

function StoryRow({
  placement,
  item,
}: {
  placement: Placement;
  item: Extract<TimelineItem, { kind: 'story' }>;
}): ReactNode {
  const { story, line } = item;
  return (
    <ProvenanceButton sheet={storySheet(placement, story)} className={ROW}>
      <span className="text-ink-soft text-small">
        <Age since={item.at} />
      </span>{' '}
      <span className="min-w-0">
        <span className={cn('whitespace-nowrap font-semibold', ARM_LOOKS[story.arm].text)}>
          <ArmMark arm={story.arm} /> {story.role === 'scheduler' ? 'picker' : ARM_LOOKS[story.arm].short}{' '}
          <span className="font-mono font-normal">
            <UntrustedText text={shortStoryName(story.name)} max={16} />
          </span>
        </span>{' '}
        <span className="block">
          {line.mark !== null && line.mark !== 'pass' && (
            <StateMark state={line.mark} className="mr-1 align-[-0.15em]" />
          )}
          <UntrustedText text={line.words} max={120} />
          {line.runningSince !== null && (
            <>
              {' · '}
              <Age since={line.runningSince} />
            </>
          )}
        </span>
      </span>
    </ProvenanceButton>
  );
}

/** What happened, newest first: one line for each pod’s story, and the Events that are no part of one. */
export function EventTimeline({ placement }: { placement: Placement }): ReactNode {
  const items = toTimeline(placement);
  return (
    <section aria-label="What happened" className="flex min-h-0 min-w-0 flex-col">
      <h2 className="border-ink border-b-(length:--stroke) pb-1.5 font-semibold text-heading stage:pb-1">
        What happened
      </h2>
      {items.length === 0 && <p className="py-2 text-dense text-ink-soft">No events in the namespace yet.</p>}
      <ScrollRegion
        label="Events, newest first"
        className="relative min-h-0 overflow-y-auto desk:max-h-[max(24rem,calc(100dvh-21rem))]"
      >
        <ol aria-live="polite" aria-relevant="additions">
          {items.map((item) => (
            <li
              key={item.kind === 'story' ? item.story.uid : item.event.uid}
              className="border-rule border-b-(length:--hair)"
            >
              {item.kind === 'story' ? (
                <StoryRow placement={placement} item={item} />
              ) : (
                <EventRow placement={placement} event={item.event} />
              )}
            </li>
          ))}
        </ol>
      </ScrollRegion>
    </section>
  );
}
