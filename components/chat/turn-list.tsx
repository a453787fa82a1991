'use client';

import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { useLiveState } from '@/lib/client/use-live';
import type { LaneId } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toServedBy } from './served-by';
import { TurnArticle, type TurnCommands } from './turn-article';

/** Nearer to the end than this counts as reading along: then new text keeps the end in view. */
const FOLLOW_PX = 80;

/** The conversation of one lane, newest at the end and in view. */
export function TurnList({
  lane,
  name,
  turns,
  facts,
  isBusy,
  answersCopyKey,
  commands,
  invitation,
}: {
  lane: LaneId;
  /** The lane's. */
  name: string;
  turns: readonly ChatTurn[];
  facts: LaneFacts | null;
  isBusy: boolean;
  /** Whether the copy key means this lane's latest answer. */
  answersCopyKey: boolean;
  commands: TurnCommands;
  /** Shown before the first question. */
  invitation: ReactNode;
}): ReactNode {
  const foundLater = useLiveState((state) => state.servedBy);
  const mode = useLiveState((state) => state.status?.mode ?? 'unknown');
  const scroller = useRef<HTMLElement>(null);
  /** The question from whose answer the reader scrolled away. */
  const leftQuestion = useRef<string | null>(null);
  const content = useRef<HTMLDivElement>(null);
  const latest = turns.at(-1);
  const question = latest?.asked.questionId ?? null;

  // A new question is always brought into view (an observer begins with a call); growing text only while the reader is at its
  // end. Sizes are told between a frame's layout and its painting: to ask for them earlier would be a layout of its own.
  useLayoutEffect(() => {
    const [outer, inner] = [scroller.current, content.current];
    if (outer === null || inner === null) return;
    const observer = new ResizeObserver(() => {
      if (leftQuestion.current !== question) outer.scrollTop = outer.scrollHeight;
    });
    observer.observe(outer);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [question]);

  return (
    <ScrollRegion
      ref={scroller}
      label={`Conversation, ${name}`}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        const isAtEnd = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
        leftQuestion.current = isAtEnd ? null : question;
        // Farther up, what is measured anew above the view must not move what is read.
        currentTarget.style.overflowAnchor = isAtEnd ? 'none' : 'auto';
      }}
      className="min-h-[12rem] grow overflow-y-auto [overflow-anchor:none] @min-[44rem]:min-h-0 @min-[44rem]:basis-0 stage:min-h-0 stage:basis-0 stage:scroll-pt-[2rem]"
    >
      <div ref={content}>
        {turns.length === 0 && invitation}
        {turns.map((turn) => (
          <TurnArticle
            key={turn.asked.questionId}
            lane={lane}
            name={name}
            turn={turn}
            isLatest={turn === latest}
            facts={facts}
            servedBy={toServedBy(turn, foundLater)}
            mode={mode}
            isBusy={isBusy}
            answersCopyKey={answersCopyKey && turn === latest}
            commands={commands}
          />
        ))}
      </div>
    </ScrollRegion>
  );
}
