/** A question the presenter has ready, on Shift+1 to Shift+9 by its place in the list. */
export interface Prompt {
  /** Stable, kebab-case: what a bookmarked scene names. */
  id: string;
  /** What the presenter shows with it. */
  title: string;
  text: string;
  /** Sent before the conversation; a long one is what a prefix cache can keep. */
  system: string | null;
  maxTokens: number | null;
  /** Too long to be shown whole: the title stands for it. */
  isLong: boolean;
}

export const MAX_PROMPTS = 9;
export const MAX_PROMPT_TITLE = 24;

/** More than this is not read aloud from a screen. */
const LONG_CHARACTERS = 1_500;

export function isLongPrompt({ text, system }: Pick<Prompt, 'text' | 'system'>): boolean {
  return text.length + (system?.length ?? 0) > LONG_CHARACTERS;
}
