/** What a question asks of the shape of its answer: simple instructions that any chat model would follow. */
export type AnswerForm =
  | { kind: 'word' }
  | { kind: 'sentences'; count: number }
  | { kind: 'words'; most: number }
  | { kind: 'table' }
  | { kind: 'code' }
  | { kind: 'runbook' }
  | { kind: 'free' };

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function numberOf(text: string): number {
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  return word < 0 ? Number(text) : word;
}

const NUMBER = `(\\d+|${NUMBER_WORDS.slice(1).join('|')})`;
const SENTENCES = new RegExp(`\\b${NUMBER} (?:short |plain |simple )?sentences?\\b`, 'i');
const WORDS = new RegExp(`\\b(?:at most|no more than|up to|under|about|in|within) ${NUMBER} words\\b`, 'i');
const MOST_SENTENCES = 20;

export function formOf(question: string): AnswerForm {
  if (/\b(?:one|a single) word\b/i.test(question)) return { kind: 'word' };
  const sentences = SENTENCES.exec(question)?.[1];
  if (sentences !== undefined)
    return { kind: 'sentences', count: Math.min(MOST_SENTENCES, numberOf(sentences)) };
  const words = WORDS.exec(question)?.[1];
  if (words !== undefined) return { kind: 'words', most: Math.max(1, numberOf(words)) };
  if (/\b(?:as a |in a |a )(?:short |small |markdown )?table\b/i.test(question)) return { kind: 'table' };
  if (
    /\b(?:code|yaml|manifest|snippet|script|(?:kubectl|oc|shell) commands?|promql|commands? (?:that|to|for))\b/i.test(
      question,
    )
  )
    return { kind: 'code' };
  if (/\b(?:runbook|step by step|playbook|checklist)\b/i.test(question)) return { kind: 'runbook' };
  return { kind: 'free' };
}

/** The one word that fits: a confirmation, a yes, or what it is about. */
export function oneWord(question: string, topicName: string): string {
  if (/\bready\b/i.test(question)) return 'Ready.';
  const asked = question.replace(/^.*?\b(?:one|a single) word\b[^\p{L}]*/iu, '');
  if (/^(?:is|are|do|does|can|could|will|would|should|has|have)\b/i.test(asked)) return 'Yes.';
  const word = /[\p{L}-]+$/u.exec(topicName)?.[0] ?? topicName;
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}.`;
}
