import { isLongPrompt, type Prompt } from './prompts';
import { SHARED_DOCUMENT } from './shared-document';

function prompt(id: string, title: string, text: string, more: Partial<Prompt> = {}): Prompt {
  const { system = null, maxTokens = null } = more;
  return { id, title, text, system, maxTokens, isLong: isLongPrompt({ text, system }) };
}

/** One text before three questions: what is read for the first is remembered for the others, by the replica that read it. */
const ON_THE_HANDBOOK = `Answer from this handbook only, in at most three sentences.\n\n${SHARED_DOCUMENT}`;

/** The prompts of the show. Order is the order of the keys. */
export const SHIPPED_PROMPTS: readonly Prompt[] = [
  prompt(
    'what-llm-d-adds',
    'What llm-d adds',
    'In four sentences: what does llm-d add around vLLM, and what stays the same?',
  ),
  prompt(
    'follow-up',
    'Follow-up',
    'And what does the endpoint picker do with a follow-up question like this one?',
  ),
  prompt(
    'explain-to-a-cfo',
    'Explain to a CFO',
    'Explain to a chief financial officer, in plain words, when two small GPUs are a better choice than one large one, and when they are not.',
  ),
  prompt(
    'prefill-and-decode',
    'Prefill and decode',
    'Explain prefill and decode of a large language model with an everyday comparison. At most 120 words.',
  ),
  prompt(
    'a-long-answer',
    'A long answer',
    'Write a runbook for operations staff: a model server on a GPU node has become slow. Go step by step, from the first look at the queue to the decision to add a replica.',
  ),
  prompt('one-word', 'One word', 'Answer with one word: ready?', { maxTokens: 16 }),
  prompt('handbook-first', 'Handbook: first read', 'Who is told when the targets are missed, and when?', {
    system: ON_THE_HANDBOOK,
    maxTokens: 160,
  }),
  prompt('handbook-again', 'Handbook: again', 'What happens to answers that a lost replica was writing?', {
    system: ON_THE_HANDBOOK,
    maxTokens: 160,
  }),
  prompt(
    'handbook-third',
    'Handbook: once more',
    'On which days may the model be changed, and who decides?',
    {
      system: ON_THE_HANDBOOK,
      maxTokens: 160,
    },
  ),
];
