import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { FailedFace } from '@/components/ui/faces';
import { Markdown, preloadMarkdown } from '@/components/ui/markdown';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { toVisibleCharacters } from '@/components/ui/visible-characters';
import { useGrowingTurn } from '@/lib/client/use-chat';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import { type ChatTurn, isRunning } from '@/lib/domain/chat-model';
import { toFailureFace } from './failure-faces';

// With the script of this screen, before it is drawn.
if (typeof window !== 'undefined') preloadMarkdown();

/** A model's answer as far as it came, and how it ended where it did not end well. Alone on the screen it is drawn in every frame. */
export function Answer({ lane, turn: known }: { lane: LaneId; turn: ChatTurn }): ReactNode {
  const turn = useGrowingTurn(lane, known);
  const face = toFailureFace(turn);
  const isGrowing = isRunning(turn) && turn.outcome.state === 'streaming';
  return (
    <div>
      {turn.retry !== null && (
        <p className="text-small text-ink-soft">
          Asked again: <UntrustedText text={turn.retry.reason} max={120} />
        </p>
      )}
      {turn.reasoning !== '' && (
        <p
          dir="auto"
          className="mb-2 whitespace-pre-wrap break-words border-rule border-l-4 pl-3 text-dense text-ink-soft"
        >
          {toVisibleCharacters(turn.reasoning)}
        </p>
      )}
      <Markdown text={turn.text} isGrowing={isGrowing} cursorColor={ARM_LOOKS[armOfLane(lane)].stroke} />
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
                <UntrustedText text={toVisibleCharacters(face.detail)} max={400} />
              </p>
            )}
          </FailedFace>
        </div>
      )}
    </div>
  );
}
