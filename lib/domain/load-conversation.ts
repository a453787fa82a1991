import type { ChatMessage } from './chat';
import type { LoadShape } from './load';
import { pickIndex, type SeededRandom } from './seeded-random';
import { SHARED_DOCUMENT } from './shared-document';

/** One question of a virtual user. */
export interface LoadTurn {
  content: string;
  maxTokens: number;
  /** The answer is to be exactly as long as `maxTokens`. */
  isFixedLength: boolean;
  /** Time to read the answer and think, before the next question. */
  pauseMs: number;
}

/** What a virtual user says, from an empty conversation to its last question. */
export interface LoadConversation {
  system: string | null;
  turns: LoadTurn[];
}

export const SYNTHETIC_TOKENS = 256;
/** English words of the list below take about this many tokens; corrected by what the engine counted. */
const TOKENS_PER_WORD = 1.35;
const WORDS =
  'harbour copper ladder winter planet silver anchor bridge candle desert engine forest garden hammer island jacket kettle lantern marble needle orchard pillow quarry ribbon saddle temple umbrella valley window yellow basket cotton dragon falcon granite hollow ivory jungle kitten lemon'.split(
    ' ',
  );

const DOCUMENTS = ['berth A', 'berth B', 'berth C'].map(
  (berth) => `Edition for ${berth}. Answer from this handbook only, in two sentences.\n\n${SHARED_DOCUMENT}`,
);
const QUESTIONS = [
  'Who carries the grey telephone, and where may it not be left?',
  'What does a growing queue mean when the memory is nearly empty?',
  'Why does the picker send the same document to the same replica?',
  'What is done on the busiest day of the year?',
  'How long does a replacement take, and who is called when it does not come?',
  'When does the service count as restored?',
  'What is written down for every question, and for how long?',
  'On which days may a model be changed?',
] as const;
const TURNS = 4;
const DOCUMENT_ANSWER_TOKENS = 96;
const LEAST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 3_000;

export interface ConversationOptions {
  shape: LoadShape;
  random: SeededRandom;
  /** Distinguishes this conversation from every other of the run. */
  name: string;
  /** How many tokens a word of earlier synthetic prompts took; `null` before the first answer. */
  tokensPerWord: number | null;
}

export function toConversation(options: ConversationOptions): LoadConversation {
  switch (options.shape) {
    case 'synthetic-256':
      return syntheticConversation(options);
    case 'documents':
      return documentConversation(options);
    default:
      return options.shape satisfies never;
  }
}

/** The name stands first, so that no prefix cache helps. */
function syntheticConversation({ random, name, tokensPerWord }: ConversationOptions): LoadConversation {
  const words = Array.from(
    { length: Math.round(SYNTHETIC_TOKENS / (tokensPerWord ?? TOKENS_PER_WORD)) },
    () => WORDS[pickIndex(random, WORDS.length)] ?? '',
  );
  return {
    system: null,
    turns: [
      {
        content: `${name}: ${words.join(' ')}`,
        maxTokens: SYNTHETIC_TOKENS,
        isFixedLength: true,
        pauseMs: 0,
      },
    ],
  };
}

/** All users share three documents: which replica has read which is what a prefix-aware picker knows. */
function documentConversation({ random }: ConversationOptions): LoadConversation {
  const first = pickIndex(random, QUESTIONS.length);
  return {
    system: DOCUMENTS[pickIndex(random, DOCUMENTS.length)] ?? null,
    turns: Array.from({ length: TURNS }, (_, turn) => ({
      content: QUESTIONS[(first + turn) % QUESTIONS.length] ?? QUESTIONS[0],
      maxTokens: DOCUMENT_ANSWER_TOKENS,
      isFixedLength: false,
      pauseMs: Math.round(LEAST_PAUSE_MS + random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS)),
    })),
  };
}

/** Words of a synthetic prompt, to learn how many tokens one takes. */
export function countWords(content: string): number {
  return content.split(' ').length;
}

export function openingMessages({ system }: LoadConversation): ChatMessage[] {
  return system === null ? [] : [{ role: 'system', content: system }];
}
