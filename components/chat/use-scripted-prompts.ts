'use client';

import { useEffect, useEffectEvent, useState } from 'react';
import { usePrompts } from '@/lib/client/use-prompts';
import type { Prompt } from '@/lib/domain/prompts';

/** The scripted prompts as the keys need them: a key pressed before they are here is not lost. */
export interface ScriptedPrompts {
  prompts: readonly Prompt[];
  /** Why they are not here, or not the file's. */
  problem: string | null;
  /** The key that is answered as soon as they are here. */
  awaitedNumber: number | null;
  /** A key was pressed: its prompt is asked now, or when it is here. Says whether that can be. */
  press(number: number): boolean;
  /** Nothing is to be asked any more. Says whether anything was. */
  forget(): boolean;
}

export function useScriptedPrompts(onAsk: (prompt: Prompt) => void): ScriptedPrompts {
  const { value, problem } = usePrompts();
  const [awaitedNumber, setAwaitedNumber] = useState<number | null>(null);
  const prompts = value?.prompts ?? [];

  const isHere = value !== null;
  const onHere = useEffectEvent((): void => {
    const prompt = awaitedNumber === null ? undefined : prompts[awaitedNumber - 1];
    setAwaitedNumber(null);
    if (prompt !== undefined) onAsk(prompt);
  });
  useEffect(() => {
    if (isHere) onHere();
  }, [isHere]);

  return {
    prompts,
    problem: problem === null ? (value?.problem ?? null) : `The scripted questions did not come: ${problem}`,
    awaitedNumber: isHere ? null : awaitedNumber,
    press(number) {
      if (!isHere) {
        setAwaitedNumber(number);
        return true;
      }
      const prompt = prompts[number - 1];
      if (prompt !== undefined) onAsk(prompt);
      return prompt !== undefined;
    },
    forget() {
      setAwaitedNumber(null);
      return !isHere && awaitedNumber !== null;
    },
  };
}
