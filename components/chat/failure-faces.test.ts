import { describe, expect, it } from 'vitest';
import type { ChatError } from '@/lib/domain/chat';
import { CHAT_FAILURE_CODES } from '@/lib/domain/chat-failure';
import { aNewTurn, applyChatEvent, loseTurn, stopTurn } from '@/lib/domain/chat-model';
import { toFailureFace } from './failure-faces';

const turn = aNewTurn('Why?', '2025-12-29T12:00:00.000Z');

function failing(code: string, message = ''): ReturnType<typeof toFailureFace> {
  const error: ChatError = { type: 'error', code, message, upstreamStatus: null, atMs: 5 };
  return toFailureFace(applyChatEvent(turn, error, 6));
}

describe('failure faces', () => {
  it('has a face of its own for every failure the relay knows', () => {
    const faces = CHAT_FAILURE_CODES.map((code) => failing(code)?.happened);
    expect(new Set(faces).size).toBe(CHAT_FAILURE_CODES.length);
  });

  it('says in three sentences what happened, what it means and what to do, with the server’s words beside', () => {
    expect(failing('context-too-long', 'maximum context length is 8192 tokens')).toEqual({
      happened: 'The conversation is longer than the model’s context.',
      means: 'The question was refused; the arms may have different context lengths.',
      action: 'Start a new conversation, or shorten the prompt.',
      detail: 'maximum context length is 8192 tokens',
    });
  });

  it('has a face for a failure it does not know', () => {
    expect(failing('brand-new', 'x')).toMatchObject({ happened: 'The answer failed.', detail: 'x' });
    expect(failing('toString')).toMatchObject({ happened: 'The answer failed.' });
  });

  it('tells the dashboard’s own failures apart from the model’s', () => {
    const lost = toFailureFace(loseTurn(turn, { code: 'stream-cut', message: 'm', httpStatus: null }));
    expect(lost).toMatchObject({ happened: 'The connection to the dashboard broke.', detail: null });
    const refused = toFailureFace(
      loseTurn(turn, { code: 'refused', message: 'Too many chats.', httpStatus: 429 }),
    );
    expect(refused?.detail).toBe('Too many chats.');
    const silent = toFailureFace(
      loseTurn(turn, { code: 'went-silent', message: 'Nothing came for 10 s.', httpStatus: null }),
    );
    expect(silent).toMatchObject({
      happened: 'Nothing comes from the dashboard any more.',
      detail: 'Nothing came for 10 s.',
    });
  });

  it('says of a Service that cannot be reached that it works inside the cluster only', () => {
    const error: ChatError = {
      type: 'error',
      code: 'unreachable',
      message: 'ENOTFOUND',
      upstreamStatus: null,
      atMs: 5,
    };
    const byService = aNewTurn('Why?', '2025-12-29T12:00:00.000Z', { path: 'service' });
    expect(toFailureFace(applyChatEvent(byService, error, 6))).toMatchObject({
      happened: 'The Service cannot be reached from here.',
      detail: 'ENOTFOUND',
    });
    expect(failing('unreachable')?.happened).toBe('The endpoint cannot be reached.');
  });

  it('says that a page that was left ended its answers', () => {
    const left = loseTurn(turn, { code: 'page-left', message: '', httpStatus: null });
    expect(toFailureFace(left)).toMatchObject({
      happened: 'The page was left while this was answered.',
      detail: null,
    });
  });

  it('has none for answers that run, ended or were stopped', () => {
    expect(toFailureFace(turn)).toBeNull();
    expect(toFailureFace(stopTurn(turn))).toBeNull();
  });
});
