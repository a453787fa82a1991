'use client';

import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { ScrollRegion } from '@/components/ui/scroll-region';
import type { PodLog } from '@/lib/client/pod-log';
import { usePodLog } from '@/lib/client/use-pod-log';

/** Nearer to the end than this, new lines pull the view along; further up somebody reads. */
const FOLLOW_PX = 40;

function stateWords(log: PodLog): string {
  switch (log.state) {
    case 'opening':
      return 'opening';
    case 'waiting':
      return 'its container has not started yet';
    case 'following':
      return 'following, the last 200 lines';
    case 'ended':
    case 'failed':
      return log.because ?? log.state;
    default:
      return log.state satisfies never;
  }
}

/** The live tail of a pod's log: text as it is written there, never interpreted. */
export function PodLogView({ uid }: { uid: string }): ReactNode {
  const log = usePodLog(uid);
  const region = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const newest = log.lines.at(-1)?.number;

  useLayoutEffect(() => {
    const element = region.current;
    if (element !== null && newest !== undefined && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [newest]);

  return (
    <section aria-label="Log" className="border-rule border-t-(length:--hair) py-2">
      <h3 className="mb-1 flex flex-wrap items-baseline gap-x-3 font-semibold">
        Log{log.container === null ? '' : ` of ${log.container}`}
        <span role="status" className="font-normal text-ink-soft text-small">
          {stateWords(log)}
        </span>
      </h3>
      <ScrollRegion
        ref={region}
        label="Log lines, newest last"
        className="h-[14rem] overflow-auto bg-sunken p-2 stage:h-[8.5rem]"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
        }}
      >
        <pre className="font-mono text-small leading-[1.3]">
          {log.lines.map(({ number, text }) => (
            <div key={number} className="whitespace-pre-wrap break-all">
              <bdi>{text === '' ? ' ' : text}</bdi>
            </div>
          ))}
        </pre>
      </ScrollRegion>
      <p className="mt-1 min-h-[2.7em] break-all font-mono text-ink-soft text-small">{log.request}</p>
    </section>
  );
}
