export interface ScriptedPrompt {
  /** Digit of Shift+digit. */
  number: number;
  /** What the presenter shows with it. */
  title: string;
  text: string;
}

/** The prompts of the show. Order is the order of the keys. */
export const SCRIPTED_PROMPTS: readonly ScriptedPrompt[] = [
  {
    number: 1,
    title: 'What llm-d adds',
    text: 'In four sentences: what does llm-d add around vLLM, and what stays the same?',
  },
  {
    number: 2,
    title: 'Follow-up',
    text: 'And what does the endpoint picker do with a follow-up question like this one?',
  },
  {
    number: 3,
    title: 'Explain to a CFO',
    text: 'Explain to a chief financial officer, in plain words, when two small GPUs are a better choice than one large one, and when they are not.',
  },
  {
    number: 4,
    title: 'Prefill and decode',
    text: 'Explain prefill and decode of a large language model with an everyday comparison. At most 120 words.',
  },
  {
    number: 5,
    title: 'A long answer',
    text: 'Write a runbook for operations staff: a model server on a GPU node has become slow. Go step by step, from the first look at the queue to the decision to add a replica.',
  },
  {
    number: 6,
    title: 'One word',
    text: 'Answer with one word: ready?',
  },
];
