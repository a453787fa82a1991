'use client';

import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Sheet } from '@/components/ui/provenance-model';
import { toVisibleCharacters } from '@/components/ui/visible-characters';
import type { ChatTurn } from '@/lib/domain/chat-model';

const LINK = 'rounded-[0.25rem] underline decoration-line underline-offset-4 disabled:text-ink-soft';

/** What can be done with one answer. Its place is kept while the answer runs. */
export function TurnActions({
  turn,
  sheet,
  isBusy,
  onAgain,
  onEdit,
  answersCopyKey,
}: {
  turn: ChatTurn;
  sheet: () => Sheet;
  /** An answer runs in some lane. */
  isBusy: boolean;
  onAgain: () => void;
  onEdit: () => void;
  answersCopyKey: boolean;
}): ReactNode {
  return (
    <p className="mt-1 flex min-h-[1.5em] flex-wrap items-baseline gap-x-4 text-small desk:order-last stage:mt-[0.1rem] stage:w-[10rem] stage:shrink-0 stage:justify-end stage:gap-x-3">
      <ProvenanceButton sheet={sheet} className={LINK}>
        Details<span className="stage:sr-only">, curl</span>
      </ProvenanceButton>
      {turn.text !== '' && (
        <CopyButton
          text={toVisibleCharacters(turn.text)}
          label="Copy"
          answersKey={answersCopyKey}
          className="px-0 py-0"
        />
      )}
      {!isBusy && (
        <>
          <button type="button" aria-label="Ask again" className={LINK} onClick={onAgain}>
            <span className="stage:hidden">Ask again</span>
            <span className="hidden stage:inline">Again</span>
          </button>
          <button type="button" className={LINK} onClick={onEdit}>
            Edit
          </button>
        </>
      )}
    </p>
  );
}
