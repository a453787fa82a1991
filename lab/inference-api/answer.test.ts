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

describe('simple instructions are followed', () => {
  const answerTo = (question: string): string => read(composeAnswer(ask(question), 1)).text;
  const sentencesIn = (text: string): number => text.split(/(?<=\.)\s+/).length;

  test.each([
    ['Answer with one word: ready?', 'Ready.'],
    ['In one word: is a replica enough?', 'Yes.'],
    ['In a single word, what is the KV cache about?', 'Cache.'],
  ])('%s', (question, answer) => {
    expect(answerTo(question)).toBe(answer);
  });

  test.each([
    ['In four sentences: what does llm-d add around vLLM, and what stays the same?', 4],
    ['What is the KV cache? Answer in 2 short sentences.', 2],
    ['Explain latency in twelve sentences, no, in 12 sentences.', 12],
  ])('%s', (question, count) => {
    expect(sentencesIn(answerTo(question))).toBe(count);
  });

  test('a limit of words is kept, and used', () => {
    const words = answerTo('Explain prefill and decode of a large language model. At most 120 words.').split(
      /\s+/,
    );
    expect(words.length).toBeLessThanOrEqual(120);
    expect(words.length).toBeGreaterThan(80);
  });

  test('a table is one in Markdown', () => {
    const lines = answerTo('Compare the parts of the gateway in a table').split('\n');
    const table = lines.filter((line) => line.startsWith('|'));
    expect(table[1]).toBe('| --- | --- |');
    expect(new Set(table.map((line) => line.split('|').length))).toEqual(new Set([4]));
    expect(table.length).toBeGreaterThan(4);
  });

  test.each([
    ['Show the YAML of an LLMInferenceService', 'yaml'],
    ['Which commands show the gateway? Give me the oc command.', 'sh'],
    ['Write the PromQL for the KV cache hit rate', 'promql'],
  ])('%s', (question, language) => {
    expect(answerTo(question)).toMatch(new RegExp(`\`\`\`${language}\\n[^\`]+\\n\`\`\``));
  });

  test('a runbook has sections, numbered steps and commands', () => {
    const text = answerTo(
      'Write a runbook for operations staff: a model server on a GPU node has become slow. Go step by step, from the first look at the queue to the decision to add a replica.',
    );
    expect([/^## 1\. /m.test(text), /^1\. \*\*/m.test(text), /^```/m.test(text)]).toEqual([true, true, true]);
    expect(
      read(composeAnswer(ask('Write a runbook about slow GPUs and their queue'), 1)).tokens,
    ).toBeGreaterThan(200);
  });
});

test('a question about a text that came with it is answered from the text', () => {
  const filler = Array.from(
    { length: 30 },
    (_, number) => `Paragraph ${number} tells of rooms, keys and the coffee machine.`,
  ).join('\n\n');
  const handbook = `Answer from this handbook only.\n\n${filler}\n\nThe model may be changed on Tuesdays and Thursdays. The platform owner decides about it.`;
  const messages: ChatMessage[] = [
    { role: 'system', content: handbook },
    { role: 'user', content: 'On which days may the model be changed, and who decides?' },
  ];
  expect(read(composeAnswer(messages, null)).text).toBe(
    'The model may be changed on Tuesdays and Thursdays. The platform owner decides about it.',
  );
});
