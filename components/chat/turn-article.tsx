'use client';

import { memo, type ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { toVisibleCharacters } from '@/components/ui/visible-characters';
import { chatStore } from '@/lib/client/chat-store';
import type { LaneId } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import type { Mode } from '@/lib/domain/vocabulary';
import { Answer } from './answer';
import type { ServedBy } from './served-by';
import { TurnActions } from './turn-actions';
import { toTurnSheet } from './turn-sheet';

/** A question longer than this is cut where it is shown; it is sent whole. */
const MAX_SHOWN_CHARACTERS = 500;

export interface TurnCommands {
  onAgain(turn: ChatTurn): void;
  onEdit(turn: ChatTurn): void;
}

interface TurnArticleProps {
  lane: LaneId;
  /** The lane's. */
  name: string;
  turn: ChatTurn;
  isLatest: boolean;
  facts: LaneFacts | null;
  servedBy: ServedBy | null;
  mode: Mode;
  /** An answer runs in some lane. */
  isBusy: boolean;
  answersCopyKey: boolean;
  commands: TurnCommands;
}

function turnsBefore(lane: LaneId, turn: ChatTurn): readonly ChatTurn[] {
  const { turns } = chatStore.getState()[lane];
  const index = turns.findIndex(({ asked }) => asked.questionId === turn.asked.questionId);
  return turns.slice(0, Math.max(0, index));
}

/** Everything that is drawn; the commands do the same whichever render made them. */
function isSame(one: TurnArticleProps, other: TurnArticleProps): boolean {
  return (
    one.turn === other.turn &&
    one.name === other.name &&
    one.isLatest === other.isLatest &&
    one.facts === other.facts &&
    one.servedBy?.pod === other.servedBy?.pod &&
    one.servedBy?.method === other.servedBy?.method &&
    one.mode === other.mode &&
    one.isBusy === other.isBusy &&
    one.answersCopyKey === other.answersCopyKey
  );
}

/** One question and its answer. Earlier turns are not drawn again while the latest grows. */
export const TurnArticle = memo(function TurnArticle({
  lane,
  name,
  turn,
  isLatest,
  facts,
  servedBy,
  mode,
  isBusy,
  answersCopyKey,
  commands,
}: TurnArticleProps): ReactNode {
  const words = turn.asked.title ?? turn.prompt;
  return (
    <article className={cn('mb-4 last:mb-0 desk:flex desk:flex-col stage:mb-2', !isLatest && 'text-dense')}>
      {/* On stage the actions stand beside the question, and both stay while the answer scrolls under them. On the desk the actions come last. */}
      <div className="desk:contents stage:sticky stage:top-0 stage:z-10 stage:mb-[0.2rem] stage:flex stage:border-rule stage:border-b-(length:--hair) stage:bg-ground">
        <p className="mb-1 line-clamp-2 min-w-0 grow break-words text-dense text-ink-soft stage:mb-0 stage:line-clamp-1">
          <span className="font-semibold">You: </span>
          <UntrustedText text={toVisibleCharacters(words.slice(0, 4_000))} max={MAX_SHOWN_CHARACTERS} />
        </p>
        <TurnActions
          turn={turn}
          sheet={() => toTurnSheet({ name, turn, before: turnsBefore(lane, turn), facts, servedBy, mode })}
          isBusy={isBusy}
          onAgain={() => commands.onAgain(turn)}
          onEdit={() => commands.onEdit(turn)}
          answersCopyKey={answersCopyKey}
        />
      </div>
      <Answer lane={lane} turn={turn} />
    </article>
  );
}, isSame);
