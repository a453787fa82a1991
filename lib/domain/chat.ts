import type { UsedPath } from './vocabulary';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Timing of one answer. Formulas: contract, "Measured". All milliseconds on the server's monotonic clock. */
export interface Measured {
  ttftMs: number | null;
  meanItlMs: number | null;
  tokensPerSecond: number | null;
  e2eMs: number | null;
  promptTokens: number | null;
  completionTokens: number | null;
  cachedPromptTokens: number | null;
  schedulerSeen: boolean | null;
  servedBy: { pod: string; method: string } | null;
}

export interface ChatStart {
  type: 'start';
  arm: string;
  url: string;
  path: UsedPath;
  schedulerInPath: boolean | null;
  model: string;
  requestId: string;
  startSkewMs: number | null;
}

export type ChatEnd = { type: 'end'; finishReason: string } & Measured;

export type ChatError = {
  type: 'error';
  code: string;
  message: string;
  upstreamStatus: number | null;
  atMs: number;
} & Partial<Measured>;

/** Events of POST /api/chat; exactly one `end` or `error` comes last. */
export type ChatEvent =
  | ChatStart
  | { type: 'retry'; reason: string; atMs: number }
  | { type: 'text-delta' | 'reasoning-delta'; text: string; atMs: number }
  | ChatEnd
  | ChatError;
