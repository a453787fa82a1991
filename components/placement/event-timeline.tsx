import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement, PlacementEvent } from '@/lib/domain/placement';
import { eventSheet } from './placement-sheets';

/** More than this nobody reads while someone speaks. */
const MAX_EVENTS = 40;

/** A generated name's own part; names given by people stay whole. */
function shortObject(name: string): string {
  const parts = name.split('-');
  return parts.length > 4 ? (parts.at(-1) ?? name) : name;
}

function EventRow({ placement, event }: { placement: Placement; event: PlacementEvent }): ReactNode {
  return (
    <li className="border-rule border-b-(length:--hair)">
      <ProvenanceButton
        sheet={eventSheet(placement, event)}
        className="grid w-full grid-cols-[4.2em_1fr] gap-x-2 py-1.5 text-dense stage:grid-cols-[3.4em_1fr] stage:py-1"
      >
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
          <span className="font-mono text-ink-soft text-small">
            <UntrustedText text={shortObject(event.object.name)} max={32} />
          </span>{' '}
          <span className="line-clamp-2 text-small">
            <UntrustedText text={event.message} max={200} />
          </span>
        </span>
      </ProvenanceButton>
    </li>
  );
}

/** What happened, newest first. */
export function EventTimeline({ placement }: { placement: Placement }): ReactNode {
  const { events } = placement;
  return (
    <section aria-label="What happened" className="flex min-h-0 min-w-0 flex-col">
      <h2 className="border-ink border-b-(length:--stroke) pb-1.5 font-semibold text-heading stage:pb-1">
        What happened
      </h2>
      {events.length === 0 && (
        <p className="py-2 text-dense text-ink-soft">No events in the namespace yet.</p>
      )}
      <ScrollRegion label="Events, newest first" className="min-h-0 overflow-y-auto">
        <ol aria-live="polite">
          {events.slice(0, MAX_EVENTS).map((event) => (
            <EventRow key={event.uid} placement={placement} event={event} />
          ))}
        </ol>
      </ScrollRegion>
    </section>
  );
}
