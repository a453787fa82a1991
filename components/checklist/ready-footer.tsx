import type { ReactNode } from 'react';
import { StateMark } from '@/components/ui/state-mark';
import { OpenEndpoints } from '@/components/ui/unauthenticated-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Checklist } from '@/lib/domain/checklist';
import { formatClockTime } from '@/lib/format/clock-time';
import { toFlipWords } from './flip-words';
import type { ReadyTools } from './use-ready-tools';

function Tool({
  label,
  keyName,
  onPress,
}: {
  label: string;
  keyName: string;
  onPress: () => void;
}): ReactNode {
  return (
    <button type="button" onClick={onPress} className="whitespace-nowrap text-ink">
      <span className="underline decoration-line underline-offset-4">{label}</span>{' '}
      <span
        aria-hidden="true"
        className="rounded-[0.25rem] border-(length:--hair) border-line px-[0.35em] font-mono text-[0.94em]"
      >
        {keyName}
      </span>
    </button>
  );
}

/** Below the verdict and the groups, in reserved room: what is open to anyone, the newest change, and what can be done. */
export function ReadyFooter({
  checklist,
  tools,
  onMore,
}: {
  checklist: Checklist;
  tools: ReadyTools;
  onMore: () => void;
}): ReactNode {
  const newest = checklist.flips[0];
  return (
    <footer className="mt-3 flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 border-rule border-t-(length:--hair) pt-2 text-ink-soft text-small stage:mt-2 stage:h-[2.05rem] stage:flex-nowrap">
      <p className="min-w-0 stage:truncate">
        <OpenEndpoints />
      </p>
      <div className="flex min-w-0 items-baseline gap-x-5 gap-y-1 stage:shrink-0 stage:gap-x-4">
        <p aria-live="polite" className="min-w-0 truncate stage:max-w-[17rem]">
          {tools.said ??
            (newest === undefined ? null : (
              <span data-newest-change="">
                {newest.kind === 'gate' && (
                  <StateMark state={newest.to} className="mr-[0.3em] inline align-[-0.15em]" />
                )}
                {formatClockTime(newest.at)} <UntrustedText text={toFlipWords(newest)} max={80} />
              </span>
            ))}
        </p>
        <Tool label="Ask again" keyName="r" onPress={tools.probe} />
        <Tool label="Changes, report, links" keyName="h" onPress={onMore} />
      </div>
    </footer>
  );
}
