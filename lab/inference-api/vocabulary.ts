import { CONTROL_TOKENS, tokenize } from './tokenizer.ts';

const CONTROL_TEXTS: ReadonlyMap<number, string> = new Map([
  [CONTROL_TOKENS.begin, '<s>'],
  [CONTROL_TOKENS.end, '</s>'],
  [CONTROL_TOKENS.instruction, '[INST]'],
  [CONTROL_TOKENS.instructionEnd, '[/INST]'],
  [CONTROL_TOKENS.system, '[SYSTEM_PROMPT]'],
  [CONTROL_TOKENS.systemEnd, '[/SYSTEM_PROMPT]'],
]);

/** Texts by token id: ids are made from the text, so only what has been met can be told back. */
export class Vocabulary {
  private readonly texts = new Map<number, string>();

  learn(text: string): void {
    for (const token of [...tokenize(text), ...tokenize('\n')]) this.texts.set(token.id, token.text);
  }

  /** Unknown ids have no text. */
  textOf(ids: readonly number[]): string {
    return ids.map((id) => CONTROL_TEXTS.get(id) ?? this.texts.get(id) ?? '').join('');
  }
}
