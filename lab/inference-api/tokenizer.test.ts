import { expect, test } from 'vitest';
import { promptOf } from './chat-template.ts';
import { tokenIds, tokenize } from './tokenizer.ts';

const TEXT =
  'Distributed inference spreads one model over 2 L4 GPUs; it’s 🎉 fine.\n\n- **KV cache**: 16-token blocks\n  übrigens 日本語';

test('pieces add up to the text again', () => {
  expect(
    tokenize(TEXT)
      .map(({ text }) => text)
      .join(''),
  ).toBe(TEXT);
});

test('keeps common words whole, cuts long ones and gives every digit its own token', () => {
  expect(tokenize('Kubernetes runs inference on 24 GPUs.').map(({ text }) => text)).toEqual([
    'Kuber',
    'netes',
    ' runs',
    ' inference',
    ' on',
    ' ',
    '2',
    '4',
    ' GPUs',
    '.',
  ]);
});

test('an emoji takes several tokens of which only the last has text', () => {
  expect(tokenize('🎉').map(({ text }) => text)).toEqual(['', '', '🎉']);
});

test('a longer conversation extends the tokens of the shorter one, so that its prefix can be cached', () => {
  const first = [{ role: 'user', content: 'What is llm-d?' }];
  const second = [
    ...first,
    { role: 'assistant', content: 'A scheduler around vLLM.' },
    { role: 'user', content: 'Why two replicas?' },
  ];
  const shorter = promptOf(first);
  expect(promptOf(second).slice(0, shorter.length)).toEqual(shorter);
});

test('the chat template adds seven tokens to a single question', () => {
  const question = 'What is llm-d?';
  expect(promptOf([{ role: 'user', content: question }]).length).toBe(tokenIds(question).length + 7);
});
