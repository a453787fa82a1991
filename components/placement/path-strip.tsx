import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
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

function toSchedulerWords(schedulerInPath: boolean | null): string {
  if (schedulerInPath === null) return 'Whether the chat passes the scheduler is not known';
  return schedulerInPath ? 'The chat passes the scheduler' : 'Scheduler bypassed by the path the chat uses';
}

/** The way of a request, link by link, each lit by its evidence; the Route that goes round the picker stands beside. */
export function PathStrip({
  path,
  schedulerInPath,
}: {
  path: readonly PathLink[];
  schedulerInPath: boolean | null;
}): ReactNode {
  const { chain, beside } = splitPath(path);
  return (
    <section aria-label="Path of a request" className="border-rule border-y-2 py-3 stage:py-2">
      <h2 className="sr-only">Path of a request</h2>
      <ol className="flex flex-wrap gap-x-4 gap-y-3 stage:flex-nowrap stage:gap-x-2">
        {chain.map((link, index) => (
          <li key={link.id} className="flex min-w-[9rem] flex-1 gap-3 stage:min-w-0 stage:gap-2">
            <Link link={link} className="flex-1" />
            {index < chain.length - 1 && (
              <span aria-hidden="true" className="mt-[0.62rem] h-0.5 w-6 shrink-0 bg-ink stage:w-4" />
            )}
          </li>
        ))}
        {beside.map((link) => (
          <li
            key={link.id}
            className="flex min-w-[9rem] flex-1 border-line border-l-2 pl-4 stage:min-w-0 stage:pl-2"
          >
            <Link link={link} />
          </li>
        ))}
      </ol>
      <p
        className={cn(
          'mt-2 text-small',
          schedulerInPath === false ? 'font-semibold text-warn' : 'text-ink-soft',
        )}
      >
        {toSchedulerWords(schedulerInPath)}
      </p>
    </section>
  );
}
