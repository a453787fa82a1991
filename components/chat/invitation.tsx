import type { ReactNode } from 'react';
import type { Prompt } from '@/lib/domain/prompts';

/** In the empty lane: what can be asked at a key press. */
export function PromptInvitation({
  prompts,
  onAsk,
}: {
  prompts: readonly Prompt[];
  onAsk: (prompt: Prompt) => void;
}): ReactNode {
  return (
    <div className="text-dense">
      <p className="text-ink-soft">No question yet: ask below{prompts.length > 0 && ', or press'}</p>
      <ol className="mt-1 columns-2 gap-x-6">
        {prompts.map((prompt, index) => (
          <li key={prompt.id} className="py-0.5">
            <button
              type="button"
              onClick={() => onAsk(prompt)}
              className="whitespace-nowrap rounded-[0.25rem] text-left"
            >
              <kbd className="font-mono text-ink-soft">⇧{index + 1}</kbd> {prompt.title}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** In the other empty lane: what a race is. */
export function RaceInvitation({ isPaths }: { isPaths: boolean }): ReactNode {
  return (
    <p className="text-dense text-ink-soft">
      {isPaths
        ? 'Both lanes are the same pods: one with the picker on the way, one round it. The same question, at one instant.'
        : 'Both lanes get the same question at one instant, and their times are taken at one place.'}
    </p>
  );
}
