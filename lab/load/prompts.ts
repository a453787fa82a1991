/** What visitors talk about: conversations on the subject of the demo, so that turns share a growing prefix. */

const TEAMS = [
  'payments',
  'claims',
  'logistics',
  'search',
  'fraud detection',
  'customer care',
  'data platform',
  'observability',
  'identity',
  'risk',
  'mobile',
  'research',
];

/**
 * The opening of a conversation. It differs within its first words by visitor and subject: a prompt that everybody shares
 * would draw everybody to the one replica that has it cached, and the other would stand idle.
 */
export function systemPrompt(visitor: number, subject: number): string {
  const team = TEAMS[visitor % TEAMS.length] ?? 'platform';
  return (
    `Desk ${visitor + 1}, notebook ${subject + 1}: you assist the ${team} team, which serves language models on OpenShift AI. ` +
    'Answer precisely, in plain sentences, for engineers who know Kubernetes. Use the terms of vLLM and llm-d. When you do ' +
    'not know a value of their cluster, say so and name the command that shows it.'
  );
}

/** Each conversation is asked turn by turn. */
export const CONVERSATIONS: readonly (readonly string[])[] = [
  [
    'What does llm-d add to a plain vLLM Deployment?',
    'How does the endpoint picker decide which replica gets a request?',
    'What happens to requests in flight when one replica disappears?',
  ],
  [
    'Why does the first token take longer than the ones after it?',
    'What is chunked prefill, and when does it help?',
    'How would I see prefill pressure in the metrics?',
  ],
  [
    'Explain the KV cache to a colleague who operates databases.',
    'How many tokens fit on one L4 beside a 24B model in four bits?',
    'What does the engine do when no block is free?',
  ],
  [
    'When is prefix caching worth it?',
    'How do I write prompts so that the prefix is shared?',
    'Can two replicas share a prefix cache?',
    'How do I measure the hit rate per replica?',
  ],
  [
    'What is the difference between replicas and tensor parallelism?',
    'When do I need a LeaderWorkerSet?',
    'Which of the two should a team with single-GPU nodes choose?',
  ],
  [
    'Summarise what quantisation to four bits costs and gains.',
    'Does an FP8 KV cache change the answers?',
    'How do I compare two configurations fairly?',
  ],
  [
    'How does Kueue decide whether a model may start?',
    'My pod says SchedulingGated. What now?',
    'How do quota and free GPUs differ?',
  ],
  [
    'Which signals tell me that a model server is overloaded?',
    'Should I scale on queue length or on latency?',
    'How long does a new replica need before it helps?',
  ],
];
