'use client';

import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FailedFace } from '@/components/ui/faces';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { type ChatTurn, isRunning } from '@/lib/domain/chat-model';
import type { Arm } from '@/lib/domain/vocabulary';
import { toFailureFace } from './failure-faces';

/** Nearer to the end than this counts as reading along: then new text keeps the end in view. */
const FOLLOW_PX = 80;

/** Model output is text and nothing else: no markup of it is interpreted (platform-pitfalls A21). */
function Answer({ arm, turn, isLatest }: { arm: Arm; turn: ChatTurn; isLatest: boolean }): ReactNode {
  const face = toFailureFace(turn);
  return (
    <div>
      {turn.retry !== null && (
        <p className="text-small text-ink-soft">
          Asked again: <UntrustedText text={turn.retry.reason} max={120} />
        </p>
      )}
      {turn.reasoning !== '' && (
        <p className="mb-2 whitespace-pre-wrap break-words border-rule border-l-4 pl-3 text-dense text-ink-soft">
          <bdi>{turn.reasoning}</bdi>
        </p>
      )}
      <p className="whitespace-pre-wrap break-words">
        <bdi>{turn.text}</bdi>
        {isLatest && isRunning(turn) && (
          <span
            aria-hidden="true"
            className="ml-0.5 inline-block h-[1.1em] w-[0.2em] translate-y-[0.2em]"
            style={{ background: ARM_LOOKS[arm].stroke }}
          />
        )}
      </p>
      {turn.isCut && (
        <p className="text-small text-ink-soft">
          The answer is longer than this page keeps; the rest is not shown.
        </p>
      )}
      {turn.outcome.state === 'stopped' && (
        <p className="text-dense text-ink-soft">Stopped here; the engine was told to stop.</p>
      )}
      {face !== null && (
        <div className="mt-2">
          <FailedFace happened={face.happened} means={face.means} action={face.action}>
            {face.detail !== null && (
              <p className="mt-1 font-mono text-small">
                <UntrustedText text={face.detail} max={400} />
              </p>
            )}
          </FailedFace>
        </div>
      )}
    </div>
  );
}

/** The conversation of one lane, newest at the end and in view. */
export function TurnList({ arm, turns }: { arm: Arm; turns: readonly ChatTurn[] }): ReactNode {
  const scroller = useRef<HTMLElement>(null);
  const isFollowing = useRef(true);
  const shownCount = useRef(0);

  // A new question is always brought into view; growing text only while the reader is at its end.
  useLayoutEffect(() => {
    const element = scroller.current;
    const isNew = turns.length > shownCount.current;
    shownCount.current = turns.length;
    if (isNew) isFollowing.current = true;
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight;
  }, [turns]);

  return (
    <ScrollRegion
      ref={scroller}
      label={`Conversation, ${ARM_LOOKS[arm].name}`}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        isFollowing.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
      }}
      className="min-h-[12rem] grow overflow-y-auto stage:min-h-0"
    >
      {turns.map((turn, index) => (
        <article
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added at the end
          key={index}
          className={cn('mb-4', index < turns.length - 1 && 'text-dense')}
        >
          <p className="mb-1 whitespace-pre-wrap break-words text-dense text-ink-soft">
            <span className="font-semibold">You: </span>
            <UntrustedText text={turn.prompt} max={500} />
          </p>
          <Answer arm={arm} turn={turn} isLatest={index === turns.length - 1} />
        </article>
      ))}
    </ScrollRegion>
  );
}
