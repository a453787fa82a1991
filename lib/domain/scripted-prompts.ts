import { SHIPPED_PROMPTS } from './shipped-prompts';

export interface ScriptedPrompt {
  /** Digit of Shift+digit. */
  number: number;
  /** What the presenter shows with it. */
  title: string;
  text: string;
}

/** The shipped prompts that need no text before the question. */
export const SCRIPTED_PROMPTS: readonly ScriptedPrompt[] = SHIPPED_PROMPTS.filter(
  ({ system }) => system === null,
).map(({ title, text }, index) => ({ number: index + 1, title, text }));
