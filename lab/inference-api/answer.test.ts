import { describe, expect, test } from 'vitest';
import { type Answer, composeAnswer, composeCompletion } from './answer.ts';
import type { ChatMessage } from './chat-template.ts';

function read(answer: Answer): { text: string; tokens: number } {
  let text = '';
  let tokens = 0;
  for (let token = answer.next(); token !== null; token = answer.next()) {
    text += token.text;
    tokens++;
  }
  return { text, tokens };
}

const ask = (...contents: string[]): ChatMessage[] =>
  contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));

describe('answers', () => {
  test('are the same for the same prompt and seed, and differ with either', () => {
    const question = ask('What is llm-d?');
    expect(read(composeAnswer(question, 1))).toEqual(read(composeAnswer(question, 1)));
    expect(read(composeAnswer(question, 1)).text).not.toBe(read(composeAnswer(question, 2)).text);
    expect(read(composeAnswer(question, 1)).text).not.toBe(read(composeAnswer(ask('What is vLLM?'), 1)).text);
  });

  test.each([
    ['What is llm-d?', /llm-d|distributed inference|replica/i],
    ['How does the KV cache work?', /cache/i],
    ['What does the gateway do?', /gateway|endpoint picker/i],
    ['Why OpenShift AI?', /OpenShift AI/],
  ])('to "%s" speak about it', (question, subject) => {
    expect(read(composeAnswer(ask(question), null)).text).toMatch(subject);
  });

  test('are 60 to 220 tokens long unless asked otherwise', () => {
    const lengths = Array.from(
      { length: 60 },
      (_, seed) => read(composeAnswer(ask(`What is llm-d, take ${seed}?`), seed)).tokens,
    );
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(55);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(225);
    expect(new Set(lengths).size).toBeGreaterThan(15);
  });

  test('are short when asked to be', () => {
    expect(read(composeAnswer(ask('What is llm-d, in one sentence?'), null)).tokens).toBeLessThan(70);
  });

  test('use a list when asked for one', () => {
    expect(read(composeAnswer(ask('List the parts of the gateway in detail'), 3)).text).toMatch(
      /\n- \*\*.+\*\*: /,
    );
  });

  test('refer to the earlier question and do not repeat what was said', () => {
    const first = read(composeAnswer(ask('What is llm-d?'), 1)).text;
    const second = read(composeAnswer(ask('What is llm-d?', first, 'And the KV cache?'), 1)).text;
    expect(second).toMatch(/^Coming from distributed inference with llm-d/);
    const repeated = first.split(/(?<=\.) /).filter((sentence) => second.includes(sentence));
    expect(repeated).toEqual([]);
  });

  test('go on after their end for as long as anybody draws', () => {
    const answer = composeAnswer(ask('What is llm-d?'), null);
    read(answer);
    const more = Array.from({ length: 2000 }, () => answer.next());
    expect(more.every((token) => token !== null)).toBe(true);
  });
});

test('a text completion goes on where the prompt ends', () => {
  expect(read(composeCompletion('The gateway', 1)).text).toMatch(/^ \S/);
});
