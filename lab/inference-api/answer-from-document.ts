/** Answers to a question about a text that came with it: the sentences that share the most with the question. */
import type { ChatMessage } from './chat-template.ts';

/** Shorter texts are instructions, not documents. */
const SHORTEST_DOCUMENT = 1200;
const MOST_SENTENCES = 3;
/** Words are compared by their beginnings, so that "missed" meets "misses". */
const STEM = 5;
const COMMON = new Set(
  'about after again also answer before could does from have into only other should that their them then there these they this three what when where which while will with would your'.split(
    ' ',
  ),
);

function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)).map((word) => word.slice(0, STEM)));
}

/** The text that the question is about: a long system prompt, or what a long message says before its last line. */
export function documentOf(messages: readonly ChatMessage[]): string | null {
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  if (system.length >= SHORTEST_DOCUMENT) return system;
  const last = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const body = last.slice(0, last.trimEnd().lastIndexOf('\n') + 1);
  return body.length >= SHORTEST_DOCUMENT ? body : null;
}

/** A line that ends no sentence and is short is a title. */
function isHeading(line: string): boolean {
  return /^#/.test(line.trim()) || (line.length < 80 && !/[.!?:,;]$/.test(line.trim()));
}

/** Sentences of running text; headings and list marks are left out. */
function sentencesOf(text: string): string[] {
  return text
    .split(/\n{2,}/)
    .map((paragraph) =>
      paragraph
        .split('\n')
        .filter((line) => !isHeading(line))
        .join('\n'),
    )
    .flatMap((paragraph) =>
      paragraph
        .replaceAll(/\s*\n\s*(?:[-*]|\d+\.)?\s*/g, ' ')
        .trim()
        .split(/(?<=[.!?])\s+(?=[A-Z"“])/),
    )
    .filter((sentence) => /[.!?]$/.test(sentence) && sentence.length > 20);
}

/** In the order of the document; empty where nothing in it fits. */
export function sentencesAbout(document: string, question: string): string[] {
  const wanted = stems(question);
  const sentences = sentencesOf(document).map((text) => ({ text, stems: stems(text) }));
  const weightOf = (stem: string): number => {
    const count = sentences.filter((sentence) => sentence.stems.has(stem)).length;
    return count === 0 ? 0 : 1 / count;
  };
  const weights = new Map([...wanted].map((stem) => [stem, weightOf(stem)]));
  const scored = sentences.map((sentence, index) => ({
    index,
    text: sentence.text,
    score: [...weights].reduce((sum, [stem, weight]) => sum + (sentence.stems.has(stem) ? weight : 0), 0),
  }));
  const best = scored.reduce((found, sentence) => (sentence.score > found.score ? sentence : found), {
    index: -1,
    text: '',
    score: 0,
  });
  // What goes on from the best one counts a little more than the rest.
  return scored
    .filter(({ score }) => score > 0)
    .map((sentence) => ({
      ...sentence,
      rank: sentence.score + (sentence.index === best.index + 1 ? 0.3 : 0),
    }))
    .filter(({ rank }) => rank >= best.score / 3)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_SENTENCES)
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text);
}
