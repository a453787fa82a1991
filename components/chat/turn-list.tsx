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
  const isFollowing = useRef(true);
  const shownQuestion = useRef<string | null>(null);
  const latest = turns.at(-1);

  // A new question is always brought into view; growing text only while the reader is at its end.
  useLayoutEffect(() => {
    const element = scroller.current;
    const question = latest?.asked.questionId ?? null;
    if (question !== shownQuestion.current) isFollowing.current = true;
    shownQuestion.current = question;
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight;
  }, [latest]);

  return (
    <ScrollRegion
      ref={scroller}
      label={`Conversation, ${name}`}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        isFollowing.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
      }}
      className="min-h-[12rem] grow overflow-y-auto [overflow-anchor:none] @min-[44rem]:min-h-0 @min-[44rem]:basis-0 stage:min-h-0 stage:basis-0"
    >
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
    </ScrollRegion>
  );
}
