import 'server-only';
import { type AnswerTiming, addDelta, NO_DELTA_YET } from '@/lib/domain/timing';
import type { AnswerBody } from './answer-body';
import { createChatStreamParser, type StreamPart, type StreamUsage } from './chat-stream-parser';
import { failure, type UpstreamFailure } from './upstream-failure';

/** No answer of ours is as long: a stream beyond this is not an answer. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What is known of an answer while it comes and when it has ended. */
export interface AnswerState {
  timing: AnswerTiming;
  usage: StreamUsage | null;
  finishReason: string | null;
  receivedBytes: number;
}

export const NO_ANSWER_YET: AnswerState = {
  timing: NO_DELTA_YET,
  usage: null,
  finishReason: null,
  receivedBytes: 0,
};

/** `atMs`: arrival since the request was sent. */
export interface AnswerDelta {
  type: 'text' | 'reasoning';
  text: string;
  atMs: number;
  completionTokens: number | null;
}

export interface AnswerListener {
  /** Since the request was sent, on the monotonic clock. */
  elapsedMs(): number;
  onDelta(delta: AnswerDelta): void;
  /** A frame came. */
  onFrame(hasText: boolean): void;
}

export type AnswerEnd = {
  state: AnswerState;
  endedAtMs: number;
  /** `null` for a whole answer. */
  failure: UpstreamFailure | null;
};

/**
 * Reads a chat stream to its end: `[DONE]`, the end of the body, or what broke it. Arrival times are
 * taken when the bytes arrive, however slowly the deltas are passed on. Rejects only when the listener throws.
 */
export function readAnswer(body: AnswerBody, listener: AnswerListener): Promise<AnswerEnd> {
  const parser = createChatStreamParser();
  let state = NO_ANSWER_YET;
  let isOver = false;

  return new Promise((resolve, reject) => {
    const end = (reason: UpstreamFailure | null): void => {
      if (isOver) return;
      isOver = true;
      resolve({ state, endedAtMs: listener.elapsedMs(), failure: reason });
    };

    const takeBytes = (bytes: Buffer): void => {
      const atMs = listener.elapsedMs();
      state = { ...state, receivedBytes: state.receivedBytes + bytes.length };
      if (state.receivedBytes > MAX_ANSWER_BYTES) {
        end(failure('too-large', 'The answer is larger than any answer should be.', 200));
        return;
      }
      for (const part of parser.push(bytes)) {
        state = applyPart(state, part, atMs);
        listener.onFrame(state.timing.firstDeltaAtMs !== null);
        if (part.type === 'text' || part.type === 'reasoning') listener.onDelta({ ...part, atMs });
        const verdict = verdictOf(part, state);
        if (verdict !== 'goes-on') {
          end(verdict);
          return;
        }
      }
    };

    body.readWith({
      onBytes: (bytes) => {
        if (isOver) return;
        try {
          takeBytes(bytes);
        } catch (error) {
          isOver = true;
          reject(error);
        }
      },
      onEnd: () => end(state.finishReason === null ? endedEarly(state) : null),
      // After its finish mark the answer is whole, even if the connection breaks.
      onError: () => end(state.finishReason === null ? cutOff(state) : null),
    });
  });
}

function applyPart(state: AnswerState, part: StreamPart, atMs: number): AnswerState {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { ...state, timing: addDelta(state.timing, part.text, atMs) };
    case 'usage':
      return { ...state, usage: part.usage };
    case 'finish':
      return { ...state, finishReason: part.reason };
    case 'done':
    case 'engine-error':
    case 'malformed':
      return state;
  }
}

function verdictOf(part: StreamPart, state: AnswerState): UpstreamFailure | null | 'goes-on' {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'usage':
    case 'finish':
      return 'goes-on';
    case 'done':
      return state.finishReason === null ? endedEarly(state) : null;
    case 'engine-error':
      return failure('engine-error', `The engine reported an error${soFar(state)}.`, 200);
    case 'malformed':
      return failure(
        part.what === 'line-too-long' ? 'too-large' : 'malformed',
        `The stream carries something that is no chat chunk (${part.what})${soFar(state)}.`,
        200,
      );
  }
}

function endedEarly(state: AnswerState): UpstreamFailure {
  return state.receivedBytes === 0
    ? failure('ended-early', 'The endpoint answered 200 and nothing else.', 200)
    : failure('ended-early', `The answer ended without a finish mark${soFar(state)}.`, 200);
}

function cutOff(state: AnswerState): UpstreamFailure {
  return failure('reset', `The connection broke${soFar(state)}.`, 200);
}

function soFar({ usage, timing }: AnswerState): string {
  if (timing.firstDeltaAtMs === null) return ' before the first token';
  const tokens = usage?.completionTokens ?? null;
  return tokens === null ? ' in mid-answer' : ` after ${tokens} tokens`;
}
