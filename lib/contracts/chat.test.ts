import { expect, test } from 'vitest';
import { chatRequestSchema, MAX_PROMPT_CHARACTERS } from './chat';

const LONG = 'x'.repeat(MAX_PROMPT_CHARACTERS + 1);

test('a prompt that is too long is refused in words that say what to do, alone and with what was said before', () => {
  const refusals = [[LONG], [LONG.slice(0, 70_000), LONG.slice(0, 70_000)]].map((contents) => {
    const messages = contents.map((content) => ({ role: 'user', content }));
    return chatRequestSchema.safeParse({ arm: 'baseline', messages }).error?.issues[0]?.message;
  });
  const words = 'at most 120000 characters; start a new conversation or shorten the question';
  expect(refusals).toEqual([words, `together ${words}`]);
});
