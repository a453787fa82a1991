'use client';

import { type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { MAX_PROMPT_CHARACTERS } from '@/lib/contracts/chat';
import { formatQuantityLine } from '@/lib/format/quantity';

export interface PromptBoxHandle {
  /** Puts a text into the field and the cursor behind it. */
  write(text: string): void;
  focus(): void;
}

/** Where one asks. Enter sends, Shift+Enter breaks the line, Esc stops or leaves the field. */
export function PromptBox({
  initialText,
  isRunning,
  targetWord,
  editing,
  onSend,
  onStop,
  onLeaveEdit,
  ref,
}: {
  initialText: string;
  isRunning: boolean;
  /** Who answers, for the hint: `both`, `INT4`, `llm-d`. */
  targetWord: string;
  /** What is sent replaces an earlier question. */
  editing: boolean;
  onSend: (prompt: string) => void;
  onStop: () => void;
  onLeaveEdit: () => void;
  ref: Ref<PromptBoxHandle>;
}): ReactNode {
  const [text, setText] = useState(initialText);
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    write: (words) => {
      setText(words);
      field.current?.focus();
    },
    focus: () => field.current?.focus(),
  }));

  useKeyCommands((command) => {
    if (command.type !== 'back' || document.activeElement !== field.current || isRunning) return false;
    if (editing) {
      setText('');
      onLeaveEdit();
    } else {
      field.current?.blur();
    }
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

  const isFull = text.length >= MAX_PROMPT_CHARACTERS;
  const hint = isFull
    ? `${formatQuantityLine(MAX_PROMPT_CHARACTERS, '')} characters are the most: what is beyond was cut off`
    : editing
      ? 'Enter asks anew in its place · Esc leaves it'
      : `Enter sends to ${targetWord} · Esc stops`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="flex items-center gap-4 rounded-[0.5rem] border-(length:--frame) border-ink bg-surface px-4 py-2 focus-within:outline-3 focus-within:outline-ink focus-within:outline-offset-2 stage:gap-3 stage:px-3 stage:py-0.5"
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
        className="field-sizing-content max-h-[7.5rem] min-w-0 grow resize-none bg-transparent py-1 outline-none stage:py-0.5 placeholder:text-ink-soft"
      />
      <span
        role={isFull ? 'alert' : undefined}
        className={
          isFull
            ? 'font-semibold text-small text-warn'
            : 'hidden whitespace-nowrap text-ink-soft text-small @min-[56rem]:inline'
        }
      >
        {hint}
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
