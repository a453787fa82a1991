import { seededRandom, seedFromText } from '../random.ts';
import { type AnswerForm, formOf, oneWord } from './answer-form.ts';
import { documentOf, sentencesAbout } from './answer-from-document.ts';
import { fenced, SNIPPETS } from './answer-snippets.ts';
import { opening, type Subject, subjectOf, topicsFor } from './answer-subject.ts';
import { TOPICS, type Topic } from './answer-topics.ts';
import type { ChatMessage } from './chat-template.ts';
import { type Token, tokenize } from './tokenizer.ts';

/** An answer that can be drawn token by token. */
export interface Answer {
  /** The next token; null once when the answer is complete. Drawing on (`ignore_eos`) continues the text. */
  next(): Token | null;
}

/** The same conversation and seed give the same text; what was said before is not said again. */
export function composeAnswer(messages: readonly ChatMessage[], seed: number | null): Answer {
  const conversation = messages.map((message) => `${message.role}: ${message.content}`).join('\n');
  return composer(messages, seededRandom(seedFromText(`${conversation}#${seed ?? ''}`)), '');
}

/** Text completion: goes on where the prompt ends. */
export function composeCompletion(prompt: string, seed: number | null): Answer {
  const random = seededRandom(seedFromText(`${prompt}#${seed ?? ''}`));
  return composer([{ role: 'user', content: prompt }], random, /\s$/.test(prompt) ? '' : ' ');
}

function composer(messages: readonly ChatMessage[], random: () => number, lead: string): Answer {
  const pieces = passages(messages, random);
  let pending: Token[] = tokenize(lead);
  let isComplete = false;
  return {
    next: () => {
      while (pending.length === 0) {
        const piece = pieces.next().value;
        if (piece === END_OF_ANSWER && !isComplete) {
          isComplete = true;
          return null;
        }
        if (typeof piece === 'string') pending = tokenize(piece);
      }
      return pending.shift() ?? null;
    },
  };
}

const END_OF_ANSWER = Symbol('end of answer');

/** Passages of the answer, the mark of its end, and then further ones for as long as anybody draws. */
function* passages(
  messages: readonly ChatMessage[],
  random: () => number,
): Generator<string | typeof END_OF_ANSWER, never> {
  const subject = subjectOf(messages);
  const topics = topicsFor(subject, random);
  const [first] = topics;
  if (first === undefined) throw new Error('no topic to write about');
  const document = documentOf(messages);
  const found = document === null ? [] : sentencesAbout(document, subject.lastQuestion.slice(-400));
  if (found.length > 0) yield found.join(' ');
  else {
    const form = formOf(subject.lastQuestion);
    if (form.kind === 'free') yield* freePassages(messages, subject, topics, random);
    else yield shaped(form, subject, [first, ...topics.slice(1)], random);
  }
  yield END_OF_ANSWER;
  for (;;) {
    for (const topic of shuffled(topicsFor({ ...subject, lastQuestion: '' }, random), random)) {
      yield `\n\n${pick(topic.leads, random)}`;
      for (const sentence of someInOrder(topic.sentences, random)) yield ` ${sentence}`;
    }
  }
}

/** The answer in the shape that was asked for. */
function shaped(
  form: Exclude<AnswerForm, { kind: 'free' }>,
  subject: Subject,
  topics: readonly [Topic, ...Topic[]],
  random: () => number,
): string {
  const [first] = topics;
  // A question that touches one topic only may still want more sentences than it has.
  const further = TOPICS.filter((topic) => !topics.includes(topic));
  const sentences = [...topics, ...further].flatMap((topic) => [
    pick(topic.leads, random),
    ...topic.sentences,
  ]);
  switch (form.kind) {
    case 'word':
      return oneWord(subject.lastQuestion, first.name);
    case 'sentences':
      return sentences.slice(0, form.count).join(' ');
    case 'words': {
      const kept: string[] = [];
      let words = 0;
      for (const sentence of sentences) {
        words += sentence.split(/\s+/).length;
        if (words > form.most) break;
        kept.push(sentence);
      }
      return kept.length > 0
        ? kept.join(' ')
        : (sentences[0] ?? '').split(/\s+/).slice(0, form.most).join(' ');
    }
    case 'table': {
      const rows = first.points.map(
        ([name, explanation]) => `| **${name}** | ${explanation.replace(/\.$/, '')} |`,
      );
      return `${pick(first.leads, random)}\n\n| Part | What it does |\n| --- | --- |\n${rows.join('\n')}\n\n${pick(first.closings, random)}`;
    }
    case 'code': {
      const snippet = SNIPPETS[first.name];
      const lead = pick(first.leads, random);
      return snippet === undefined ? lead : `${fenced(snippet)}\n\n${lead}`;
    }
    case 'runbook':
      return runbook(topics, random);
    default:
      return form satisfies never;
  }
}

/** Sections with numbered steps, each with the command that shows it. */
function runbook(topics: readonly [Topic, ...Topic[]], random: () => number): string {
  const sections = topics.slice(0, 3).map((topic, index) => {
    const title = `## ${index + 1}. ${topic.name.charAt(0).toUpperCase()}${topic.name.slice(1)}`;
    const steps = topic.points.map(([name, explanation], step) => `${step + 1}. **${name}**: ${explanation}`);
    const snippet = index < 2 ? SNIPPETS[topic.name] : undefined;
    const code = snippet === undefined ? '' : `\n\n${fenced(snippet)}`;
    return `${title}\n\n${pick(topic.leads, random)}\n\n${steps.join('\n')}${code}`;
  });
  const last = topics.at(-1) ?? topics[0];
  return `${sections.join('\n\n')}\n\n${pick(last.closings, random)}`;
}

function* freePassages(
  messages: readonly ChatMessage[],
  subject: Subject,
  topics: readonly Topic[],
  random: () => number,
): Generator<string, void> {
  const said = messages.filter((message) => message.role === 'assistant').map((message) => message.content);
  const isNew = (text: string): boolean => !said.some((earlier) => earlier.includes(text));
  const budget = targetTokens(subject.lastQuestion, random);
  let spent = 0;
  const [first] = topics;
  if (first === undefined) return;

  const start = opening(subject, first, random, isNew);
  yield start;
  spent += tokenize(start).length;

  if (wantsList(subject.lastQuestion, random) && budget > 90) {
    const items = shuffled(
      first.points.filter(([name]) => isNew(`**${name}**`)),
      random,
    );
    const isNumbered = /\b(steps?|how do i|how to|order|sequence)\b/i.test(subject.lastQuestion);
    let number = 0;
    for (const [name, explanation] of items) {
      if (number > 0 && spent > budget) break;
      number++;
      const bullet = isNumbered ? `${number}.` : '-';
      const item = `${number === 1 ? '\n\n' : '\n'}${bullet} **${name}**: ${explanation}`;
      yield item;
      spent += tokenize(item).length;
    }
    const closing = pick(first.closings, random);
    if (isNew(closing)) yield `\n\n${closing}`;
    return;
  }
  const sentences = topics
    .slice(0, 2)
    .flatMap((topic) => someInOrder(topic.sentences, random))
    .filter(isNew);
  let inParagraph = 1;
  for (const sentence of sentences) {
    if (spent >= budget) break;
    const text = inParagraph >= 4 ? `\n\n${sentence}` : ` ${sentence}`;
    inParagraph = inParagraph >= 4 ? 1 : inParagraph + 1;
    yield text;
    spent += tokenize(text).length;
  }
}

/** 60–220 tokens, shorter or longer where the question asks for it. */
function targetTokens(question: string, random: () => number): number {
  if (/\b(one sentence|briefly|short|in a word|tl;?dr)\b/i.test(question))
    return 25 + Math.floor(20 * random());
  if (/\b(detail|explain|essay|long|everything|in depth)\b/i.test(question)) {
    return 150 + Math.floor(60 * random());
  }
  return 55 + Math.floor(130 * random());
}

function wantsList(question: string, random: () => number): boolean {
  if (/\b(list|steps?|bullets?|which|reasons?|compare|differences?|how do i|how to)\b/i.test(question))
    return true;
  return random() < 0.3;
}

function pick<T>(items: readonly [T, ...T[]], random: () => number): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** About three of four, so that answers differ but still read as written. */
function someInOrder(sentences: readonly string[], random: () => number): string[] {
  return sentences.filter(() => random() < 0.75);
}

function shuffled<T extends string | Topic | readonly [string, string]>(
  items: readonly T[],
  random: () => number,
): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
