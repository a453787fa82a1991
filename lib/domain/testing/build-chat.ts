import type { ChatEnd, ChatError, ChatStart } from '../chat';
import { type AskedWith, aNewTurn, applyChatEvent, type ChatTurn } from '../chat-model';

/** When every question of these tests is asked. */
export const NOON = '2025-12-29T12:00:00.000Z';

export const CHAT_START: ChatStart = {
  type: 'start',
  arm: 'distributed',
  url: 'https://gw/v1/chat/completions',
  path: 'gateway',
  schedulerInPath: true,
  model: 'mistral-3-distributed',
  requestId: 'r1',
  startSkewMs: null,
  sentAt: NOON,
  engineVersion: null,
  usageReports: 'continuous',
};

export const CHAT_END: ChatEnd = {
  type: 'end',
  finishReason: 'stop',
  ttftMs: 310,
  meanItlMs: 54,
  tokensPerSecond: 18.5,
  e2eMs: 1_400,
  promptTokens: 40,
  completionTokens: 21,
  cachedPromptTokens: null,
  schedulerSeen: true,
  servedBy: null,
  relay: null,
  attempts: 1,
};

/** An answer of the distributed arm: text at `deltasMs` (server clock; the browser 33 ms later), then its end. */
export function aTurn({
  prompt = 'Why?',
  start = {},
  deltasMs = [312, 1_392],
  tokens,
  end = {},
  error,
  asked = {},
}: {
  prompt?: string;
  start?: Partial<ChatStart>;
  deltasMs?: readonly number[];
  /** Tokens reported with the last delta. */
  tokens?: number;
  /** `null`: it still runs. */
  end?: Partial<ChatEnd> | null;
  /** Ends it with a failure instead. */
  error?: Partial<ChatError>;
  asked?: Partial<AskedWith>;
} = {}): ChatTurn {
  let turn = applyChatEvent(aNewTurn(prompt, NOON, asked), { ...CHAT_START, ...start }, 30);
  for (const [index, atMs] of deltasMs.entries()) {
    const isLast = index === deltasMs.length - 1;
    const reported = isLast && tokens !== undefined ? { completionTokens: tokens } : {};
    turn = applyChatEvent(turn, { type: 'text-delta', text: 'word ', atMs, ...reported }, atMs + 33);
  }
  if (error !== undefined) {
    const failure: ChatError = { type: 'error', code: 'reset', message: '', upstreamStatus: null, atMs: 900 };
    return applyChatEvent(turn, { ...failure, ...error }, 933);
  }
  return end === null ? turn : applyChatEvent(turn, { ...CHAT_END, ...end }, 1_440);
}
