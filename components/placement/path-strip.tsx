import { Fragment, type ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { type MarkState, STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { PathLink, Placement } from '@/lib/domain/placement';
import { PATH_MARKS, splitPath } from './placement-model';
import { linkSheet } from './placement-sheets';

function Link({ placement, link }: { placement: Placement; link: PathLink }): ReactNode {
  const { mark, word } = PATH_MARKS[link.state];
  return (
    <ProvenanceButton sheet={linkSheet(placement, link)} className="flex w-full min-w-0 gap-2">
      <StateMark state={mark} className="mt-[0.16em]" />
      <span className="min-w-0 grow">
        <span className="block whitespace-nowrap font-semibold text-dense">
          {link.kind}
          {mark !== 'pass' && (
            <span className={cn('ml-2 font-normal text-small', STATE_TEXT[mark])}>{word}</span>
          )}
        </span>{' '}
        <span className="block w-0 min-w-full truncate text-ink-soft text-small leading-[1.3]">
          <UntrustedText text={link.finding === '' ? link.name : link.finding} max={120} />
        </span>
      </span>
    </ProvenanceButton>
  );
}

/** The way of a request, link by link, each lit by its evidence; the Route that goes round the picker stands beside. */
export function PathStrip({ placement }: { placement: Placement }): ReactNode {
  const { chain, beside } = splitPath(placement.path);
  return (
    <section
      aria-label="Path of a request"
      className="border-rule border-y-(length:--stroke) py-3 stage:py-2"
    >
      <h2 className="sr-only">Path of a request</h2>
      <ol className="flex flex-wrap items-start gap-x-4 gap-y-3 stage:flex-nowrap stage:gap-x-2.5">
        {chain.map((link, index) => (
          <Fragment key={link.id}>
            {index > 0 && (
              <li
                aria-hidden="true"
                className="mt-[0.6em] h-[max(2px,0.08rem)] w-8 shrink-0 bg-ink text-dense stage:w-5"
              />
            )}
            <li className="min-w-[9rem] max-w-[18rem] flex-auto stage:min-w-0">
              <Link placement={placement} link={link} />
            </li>
          </Fragment>
        ))}
        {beside.map((link) => (
          <li
            key={link.id}
            className="ml-auto min-w-[9rem] max-w-[18rem] flex-auto border-line border-l-(length:--stroke) pl-4 stage:min-w-0 stage:pl-2.5"
          >
            <Link placement={placement} link={link} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Whether the path the chat would use now passes the scheduler: the claim of llm-d stands or falls with it. */
export function SchedulerNote({ schedulerInPath }: { schedulerInPath: boolean | null }): ReactNode {
  const [mark, words] = ((): [MarkState, string] => {
    if (schedulerInPath === null) return ['unknown', 'whether the chat passes the scheduler is not known'];
    return schedulerInPath
      ? ['pass', 'the chat passes the scheduler']
      : ['warn', 'scheduler bypassed by the chat’s path'];
  })();
  return (
    <p className={cn('flex shrink-0 items-center gap-2 text-dense', STATE_TEXT[mark])}>
      <StateMark state={mark} />
      {words}
    </p>
  );
}
