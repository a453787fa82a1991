import { CONTROL_TOKENS, tokenIds } from './tokenizer.ts';

export interface ChatMessage {
  role: string;
  content: string;
}

/**
 * The prompt as the model's template lays it out. The system block is always there, empty or not, so one short
 * question costs seven tokens more than its text (metrics §12: "6–8 higher").
 */
export function promptOf(messages: readonly ChatMessage[]): number[] {
  const systemText = messages
    .filter((message) => isSystem(message))
    .map((message) => message.content)
    .join('\n\n');
  const prompt = [
    CONTROL_TOKENS.begin,
    CONTROL_TOKENS.system,
    ...tokenIds(systemText),
    CONTROL_TOKENS.systemEnd,
    ...tokenIds('\n'),
  ];
  for (const message of messages) {
    if (isSystem(message)) continue;
    if (message.role === 'assistant') {
      prompt.push(...tokenIds(message.content), CONTROL_TOKENS.end);
    } else {
      prompt.push(
        CONTROL_TOKENS.instruction,
        ...tokenIds(message.content),
        ...tokenIds('\n'),
        CONTROL_TOKENS.instructionEnd,
      );
    }
  }
  return prompt;
}

function isSystem(message: ChatMessage): boolean {
  return message.role === 'system' || message.role === 'developer';
}
