'use client';

import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';

/** Below the contract's body limit of 256 KiB, whatever the characters. */
const MAX_PROMPT_CHARACTERS = 60_000;

/** Where one asks. Enter sends, Shift+Enter breaks the line, Esc stops or leaves the field. */
export function PromptBox({
  initialText,
  isRunning,
  targetWord,
  onSend,
  onStop,
}: {
  initialText: string;
  isRunning: boolean;
  /** Who answers, for the hint: `both`, `INT4`, `llm-d`. */
  targetWord: string;
  onSend: (prompt: string) => void;
  onStop: () => void;
}): ReactNode {
  const [text, setText] = useState(initialText);
  const field = useRef<HTMLTextAreaElement>(null);

  useKeyCommands((command) => {
    if (command.type !== 'back' || document.activeElement !== field.current || isRunning) return false;
    field.current?.blur();
    return true;
  });

  const send = (): void => {
    const prompt = text.trim();
    if (prompt === '') return;
    onSend(prompt);
    setText('');
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="flex items-center gap-4 rounded-[0.5rem] border-(length:--frame) border-ink bg-surface px-4 py-2 focus-within:outline-3 focus-within:outline-ink focus-within:outline-offset-2 stage:gap-3 stage:px-3 stage:py-1.5"
    >
      <textarea
        ref={field}
        aria-label="Prompt"
        rows={1}
        maxLength={MAX_PROMPT_CHARACTERS}
        value={text}
        placeholder="Ask the model"
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-[7.5rem] min-w-0 grow resize-none bg-transparent py-1 outline-none placeholder:text-ink-soft"
      />
      <span className="hidden whitespace-nowrap text-small text-ink-soft @min-[56rem]:inline">
        Enter sends to {targetWord} · Esc stops
      </span>
      {isRunning ? (
        <button
          type="button"
          onClick={onStop}
          className="rounded-full border-(length:--stroke) border-ink px-4 py-1 font-semibold text-dense"
        >
          Stop
        </button>
      ) : (
        <button
          type="submit"
          className="rounded-full border-(length:--stroke) border-ink bg-ink px-4 py-1 font-semibold text-dense text-ground"
        >
          Send
        </button>
      )}
    </form>
  );
}
