'use client';

import type { ReactNode } from 'react';
import { Choice } from '@/components/ui/choice';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Prompt } from '@/lib/domain/prompts';
import type { LineUp } from './chat-scene';
import type { ScriptedPrompts } from './use-scripted-prompts';

/** What opens over the lanes. */
export type ChatPanel = 'settings' | 'load';

const LANE_CHOICES: readonly { value: LineUp; label: string }[] = [
  { value: 'race', label: 'Race' },
  { value: 'paths', label: 'Two paths' },
  { value: 'baseline', label: 'INT4 alone' },
  { value: 'distributed', label: 'llm-d alone' },
];

const LINK =
  'whitespace-nowrap underline decoration-line underline-offset-4 disabled:text-ink-soft disabled:no-underline';

/** The scripted prompts as buttons: each shows its key. On stage only the one just asked shows its title: keys ask there. */
function ScriptedQuestions({
  scripted: { prompts, problem, awaitedNumber },
  currentId,
  onAsk,
}: {
  scripted: ScriptedPrompts;
  currentId: string | null;
  onAsk: (prompt: Prompt) => void;
}): ReactNode {
  return (
    <ul
      aria-label="Scripted questions"
      className="flex min-h-[1.35em] min-w-0 flex-wrap gap-x-3 gap-y-0.5 text-small stage:flex-nowrap"
    >
      {prompts.map((prompt, index) => (
        <li key={prompt.id}>
          <button
            type="button"
            title={prompt.isLong ? `${prompt.title}: a long text goes along` : prompt.text}
            aria-pressed={prompt.id === currentId}
            onClick={() => onAsk(prompt)}
            className="whitespace-nowrap rounded-[0.25rem] underline decoration-line decoration-dotted underline-offset-4 aria-pressed:decoration-ink aria-pressed:decoration-solid"
          >
            <kbd className="font-mono">⇧{index + 1}</kbd>{' '}
            <span className={cn(prompt.id !== currentId && 'stage:sr-only')}>{prompt.title}</span>
          </button>
        </li>
      ))}
      {awaitedNumber !== null && (
        <li role="status">
          <kbd className="font-mono">⇧{awaitedNumber}</kbd> is asked as soon as the questions are here · Esc
          forgets it
        </li>
      )}
      {problem !== null && (
        <li>
          <ProvenanceButton
            sheet={{ title: 'Scripted questions', lead: problem, sections: [] }}
            className="whitespace-nowrap font-semibold text-warn"
          >
            <span className="hidden stage:inline">
              {prompts.length === 0 ? 'no questions' : 'not those of the file'}
            </span>
            <span className="stage:hidden">{problem}</span>
          </ProvenanceButton>
        </li>
      )}
    </ul>
  );
}

/** Above the lanes: who answers, what is asked, and how. */
export function ChatToolbar({
  lineUp,
  scripted,
  currentPromptId,
  openPanel,
  hasTurns,
  onLineUp,
  onAsk,
  onPanel,
  onNew,
}: {
  lineUp: LineUp;
  scripted: ScriptedPrompts;
  currentPromptId: string | null;
  openPanel: ChatPanel | null;
  hasTurns: boolean;
  onLineUp: (lineUp: LineUp) => void;
  onAsk: (prompt: Prompt) => void;
  /** Opens the panel, or closes it. */
  onPanel: (panel: ChatPanel) => void;
  onNew: () => void;
}): ReactNode {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-1 stage:flex-nowrap">
      <Choice label="Lanes" options={LANE_CHOICES} value={lineUp} onChoose={onLineUp} />
      <div className="order-last w-full stage:order-none stage:w-auto">
        <ScriptedQuestions scripted={scripted} currentId={currentPromptId} onAsk={onAsk} />
      </div>
      <div className="flex gap-x-5 text-small">
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={openPanel === 'settings'}
          onClick={() => onPanel('settings')}
          className={LINK}
        >
          How it is asked
        </button>
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={openPanel === 'load'}
          onClick={() => onPanel('load')}
          className={LINK}
        >
          Load
        </button>
        <button type="button" disabled={!hasTurns} onClick={onNew} className={LINK}>
          New conversation
        </button>
      </div>
    </div>
  );
}
