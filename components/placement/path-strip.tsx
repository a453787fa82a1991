import { Fragment, type ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Sheet } from '@/components/ui/provenance-model';
import { type MarkState, STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { OpenEndpoints } from '@/components/ui/unauthenticated-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { PathLink, Placement } from '@/lib/domain/placement';
import { PATH_MARKS, splitPath } from './placement-model';
import { BRACKET_SHEETS, linkSheet, schedulerSheet } from './placement-sheets';

function Link({ placement, link }: { placement: Placement; link: PathLink }): ReactNode {
  const { mark, word } = PATH_MARKS[link.state];
  const isPlain = mark === 'pass' || link.summary === '' || link.summary === 'none';
  // What was last seen says by itself that it is not known any more; there is no room for both.
  const showsWord = mark !== 'pass' && !link.summary.startsWith('was: ');
  return (
    <ProvenanceButton
      sheet={linkSheet(placement, link)}
      className="flex max-w-full items-start gap-[0.45em] overflow-hidden whitespace-nowrap"
    >
      <StateMark state={mark} className="mt-[0.16em]" />
      <span>
        <span className="block font-semibold text-dense">
          {link.kind}
          <span className="sr-only">{showsWord ? ':' : `: ${word}.`}</span>
        </span>{' '}
        <span className="block text-small leading-[1.3]">
          {showsWord && (
            <span className={cn('font-semibold', STATE_TEXT[mark])}>{isPlain ? word : `${word} · `}</span>
          )}
          {(mark === 'pass' || !isPlain) && (
            <span className={showsWord || mark === 'pass' ? 'text-ink-soft' : STATE_TEXT[mark]}>
              <UntrustedText text={link.summary === '' ? link.name : link.summary} max={24} />
            </span>
          )}
        </span>
      </span>
    </ProvenanceButton>
  );
}

/** Links of one maker under a bracket that says whose they are. */
function Group({
  placement,
  links,
  bracket,
  aside = null,
  className,
}: {
  placement: Placement;
  links: readonly PathLink[];
  bracket: Sheet;
  /** What else stands on the line of the bracket. */
  aside?: ReactNode;
  className: string;
}): ReactNode {
  return (
    <div className={cn('min-w-0', className)}>
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4 border-line border-b-(length:--stroke) text-small leading-[1.25]">
        <h3 className="font-semibold">
          <ProvenanceButton sheet={bracket}>{bracket.title}</ProvenanceButton>
        </h3>
        {aside}
      </div>
      <ol className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 stage:flex-nowrap stage:gap-x-2">
        {links.map((link, index) => (
          <Fragment key={link.id}>
            {index > 0 && (
              <li
                aria-hidden="true"
                className="mt-[0.6em] h-[max(2px,0.08rem)] min-w-2 max-w-10 grow bg-ink text-dense"
              />
            )}
            <li className="min-w-0">
              <Link placement={placement} link={link} />
            </li>
          </Fragment>
        ))}
      </ol>
    </div>
  );
}

/** The way of a request, link by link, each lit by its evidence; the Route that goes round the picker stands beside. */
export function PathStrip({ placement }: { placement: Placement }): ReactNode {
  const { platform, engine, beside } = splitPath(placement.path);
  return (
    <section
      aria-label="Path of a request"
      className="flex flex-wrap items-start gap-x-6 gap-y-3 border-rule border-b-(length:--stroke) pb-2 stage:flex-nowrap stage:gap-x-4 stage:pb-1.5"
    >
      <h2 className="sr-only">Path of a request</h2>
      <Group
        placement={placement}
        links={platform}
        bracket={BRACKET_SHEETS.platform}
        aside={<OpenEndpoints className="leading-[1.25]" />}
        className="grow basis-[34rem] stage:basis-0"
      />
      <Group
        placement={placement}
        links={engine}
        bracket={BRACKET_SHEETS.engine}
        className="stage:min-w-[6rem]"
      />
      <Group
        placement={placement}
        links={beside}
        bracket={BRACKET_SHEETS.beside}
        className="stage:min-w-[6.5rem]"
      />
    </section>
  );
}

/** Whether the path the chat would use now passes the scheduler: the claim of llm-d stands or falls with it. */
export function SchedulerNote({ placement }: { placement: Placement }): ReactNode {
  const { schedulerInPath, schedulerFinding } = placement;
  const mark: MarkState = schedulerInPath === null ? 'unknown' : schedulerInPath ? 'pass' : 'warn';
  return (
    <ProvenanceButton
      sheet={schedulerSheet(placement)}
      className={cn('flex items-start gap-2 text-dense leading-[1.25]', STATE_TEXT[mark])}
    >
      <StateMark state={mark} className="mt-[0.05em]" />
      <span>
        <UntrustedText text={schedulerFinding} max={120} />
      </span>
    </ProvenanceButton>
  );
}
