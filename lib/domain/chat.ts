import type { UsageReports } from './chat-body';
import type { ChatPath, UsedPath } from './vocabulary';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Body of POST /api/chat. What is not given is not sent on, except for `maxTokens`, which then is the server's own. */
export interface ChatRequest {
  arm: string;
  messages: ChatMessage[];
  path?: ChatPath | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  seed?: number | undefined;
  /** The answer ends before any of these. */
  stop?: string[] | undefined;
  /** Fixed output length: the engine goes on to `maxTokens` past its own end mark. */
  ignoreEos?: boolean | undefined;
  raceId?: string | undefined;
}

/**
 * What the dashboard itself added to an answer, over the chunks of it: from the arrival of the engine's bytes to our
 * write. Nearest rank; not in the other times, which are taken at arrival.
 */
export interface RelayCost {
  chunks: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
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
  /** `null` where no text came. */
  relay: RelayCost | null;
  /** Requests sent upstream: 2 after a retry. The times are those of the last. */
  attempts: number;
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
  /** When the (first) request left for the engine, ISO 8601, on the server's clock. */
  sentAt: string;
  /** What `GET /version` of the same path last told. */
  engineVersion: string | null;
  /** How the engine was asked to count its tokens: part of the body that was sent. */
  usageReports: UsageReports;
}

export type ChatEnd = { type: 'end'; finishReason: string } & Measured;

export type ChatError = {
  type: 'error';
  code: string;
  message: string;
  upstreamStatus: number | null;
  atMs: number;
} & Partial<Measured>;

export interface ChatDelta {
  type: 'text-delta' | 'reasoning-delta';
  text: string;
  atMs: number;
  /** Output tokens up to here, where the engine reports them with every chunk. */
  completionTokens?: number | undefined;
}

/** Events of POST /api/chat; exactly one `end` or `error` comes last. */
export type ChatEvent =
  | ChatStart
  | { type: 'retry'; reason: string; atMs: number; usageReports: UsageReports }
  | ChatDelta
  | ChatEnd
  | ChatError;
