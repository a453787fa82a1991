import { Fragment, type ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { type MarkState, STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { PathLink } from '@/lib/domain/placement';
import { PATH_MARKS, splitPath } from './placement-model';

function Link({ link, className }: { link: PathLink; className?: string }): ReactNode {
  const { mark, word } = PATH_MARKS[link.state];
  return (
    <div className={cn('flex min-w-0 gap-2', className)} title={link.finding}>
      <StateMark state={mark} className="mt-[0.16em]" />
      <div className="min-w-0">
        <p className="truncate font-semibold text-dense">
          {link.kind}
          {mark !== 'pass' && (
            <span className={cn('ml-2 font-normal text-small', STATE_TEXT[mark])}>{word}</span>
          )}
        </p>
        <p className="line-clamp-2 text-small text-ink-soft leading-[1.2]">
          <UntrustedText text={link.finding === '' ? link.name : link.finding} max={120} />
        </p>
      </div>
    </div>
  );
}

/** The way of a request, link by link, each lit by its evidence; the Route that goes round the picker stands beside. */
export function PathStrip({ path }: { path: readonly PathLink[] }): ReactNode {
  const { chain, beside } = splitPath(path);
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
              <li aria-hidden="true" className="mt-[0.6em] h-0.5 min-w-3 max-w-12 grow bg-ink text-dense" />
            )}
            <li className="min-w-0 max-w-[14rem] stage:max-w-[9.5rem]">
              <Link link={link} />
            </li>
          </Fragment>
        ))}
        {beside.map((link) => (
          <li
            key={link.id}
            className="ml-auto min-w-0 max-w-[14rem] border-line border-l-(length:--stroke) pl-4 stage:max-w-[9.5rem] stage:pl-2.5"
          >
            <Link link={link} />
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
