import { TOPICS, type Topic } from './answer-topics.ts';
import type { ChatMessage } from './chat-template.ts';

/** What a conversation is about, as far as an answer needs it. */
export interface Subject {
  lastQuestion: string;
  /** The question before, null on the first turn. */
  earlierQuestion: string | null;
}

export function subjectOf(messages: readonly ChatMessage[]): Subject {
  const questions = messages.filter((message) => message.role === 'user').map((message) => message.content);
  return { lastQuestion: questions.at(-1) ?? '', earlierQuestion: questions.at(-2) ?? null };
}

/** Topics the question touches, the closest first; a follow-up without any stays with the earlier ones. */
export function topicsFor(subject: Subject, random: () => number): Topic[] {
  const direct = ranked(subject.lastQuestion);
  if (direct.length > 0) return direct;
  const earlier = subject.earlierQuestion === null ? [] : ranked(subject.earlierQuestion);
  if (earlier.length > 0) return earlier;
  const start = Math.floor(random() * TOPICS.length);
  return [...TOPICS.slice(start), ...TOPICS.slice(0, start)];
}

/** The first sentences: says what it is about, and on later turns ties it to what was asked before. */
export function opening(
  subject: Subject,
  topic: Topic,
  random: () => number,
  isNew: (text: string) => boolean,
): string {
  const fresh = topic.leads.filter(isNew);
  const candidates = fresh.length > 0 ? fresh : [...topic.leads];
  const lead = candidates[Math.floor(random() * candidates.length)] ?? topic.leads[0];
  if (/^\s*(hi|hello|hey|good (morning|afternoon|evening))\b[\s\S]{0,40}$/i.test(subject.lastQuestion)) {
    return `Hello! I can tell you about ${topic.name} and how this platform serves models. ${lead}`;
  }
  const earlierTopic = subject.earlierQuestion === null ? undefined : ranked(subject.earlierQuestion)[0];
  if (earlierTopic === undefined) return lead;
  if (earlierTopic === topic) return `To add to the previous answer: ${startInSentence(lead)}`;
  return `Coming from ${earlierTopic.name}, the next piece is ${topic.name}. ${lead}`;
}

/** Lower-cases the first word unless it is a name or an abbreviation. */
function startInSentence(text: string): string {
  return /^(A|An|The|With|When|In|Each|Every|It|One|Two|Most|On|Think|By|Before|Without)\b/.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

function ranked(question: string): Topic[] {
  return TOPICS.map((topic) => ({ topic, hits: question.match(topic.keywords)?.length ?? 0 }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .map(({ topic }) => topic);
}
