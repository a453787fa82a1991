import type { Answer } from './answer.ts';
import { subjectOf } from './answer-subject.ts';
import type { ChatMessage } from './chat-template.ts';
import { compareVersions } from './metric-families.ts';
import { type Token, tokenize } from './tokenizer.ts';

/** The token that ends the thinking; it has no text of its own in the answer. */
const END_OF_THINKING: Token = { id: 19, text: '', isReasoning: true };

/** Delta fields of reasoning: one name up to 0.11.0, then both, and only the new one from 0.16 (metrics §10.1). */
export function reasoningFieldsOf(version: string): string[] {
  if (compareVersions(version, '0.11.1') < 0) return ['reasoning_content'];
  return compareVersions(version, '0.16') < 0 ? ['reasoning', 'reasoning_content'] : ['reasoning'];
}

/** The same answer after a few sentences of thinking. */
export function withReasoning(messages: readonly ChatMessage[], answer: Answer): Answer {
  const question = subjectOf(messages).lastQuestion.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
  const thinking = `The user asks: "${question}" I should say what it is first, then why it matters for this set-up, and keep it short. No figures that I cannot back.`;
  const pending: Token[] = [
    ...tokenize(thinking).map((token): Token => ({ ...token, isReasoning: true })),
    END_OF_THINKING,
  ];
  return { next: () => pending.shift() ?? answer.next() };
}
