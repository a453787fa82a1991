import { describe, expect, it } from 'vitest';
import type { ChatLimits } from '@/lib/contracts/chat-lanes';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { createChatAdmission } from './chat-admission';

const LIMITS: ChatLimits = {
  maxPromptCharacters: 1_000,
  maxTokens: 4_096,
  maxMessages: 10,
  concurrentPerSession: 2,
  concurrentInAll: 3,
  perMinutePerSession: 5,
};

function anAdmission(limits: Partial<ChatLimits> = {}) {
  const clock = createManualClock();
  return { clock, admission: createChatAdmission({ ...LIMITS, ...limits }, clock) };
}

/** What a refusal says, or `null` where the chat was let in and has left again. */
function refusal(enter: () => { leave(): void }): unknown {
  try {
    enter().leave();
    return null;
  } catch (error) {
    const { status, code, message, retryAfterSeconds } = error as Record<string, unknown>;
    return { status, code, message, retryAfterSeconds };
  }
}

describe('who may chat', () => {
  it('gives one page two answers at once, and says what to do about the third', () => {
    const { admission } = anAdmission();
    const first = admission.enter('a', 100);
    admission.enter('a', 100);
    expect(refusal(() => admission.enter('a', 100))).toEqual({
      status: 429,
      code: 'too-many-chats',
      message: 'This page has 2 answers running, which is the most. Stop one, or wait for one to end.',
      retryAfterSeconds: 5,
    });
    first.leave();
    expect(refusal(() => admission.enter('a', 100))).toBeNull();
  });

  it('never has more answers running in all than configured, from one page or from fifty', () => {
    const { admission } = anAdmission();
    let refused = 0;
    for (let index = 0; index < 200; index += 1) {
      try {
        admission.enter(`page ${index % 50}`, 10);
      } catch {
        refused += 1;
      }
      expect(admission.running()).toBeLessThanOrEqual(3);
    }
    expect(refused).toBe(197);
  });

  it('counts a chat that left twice once', () => {
    const { admission } = anAdmission();
    const chat = admission.enter('a', 10);
    admission.enter('b', 10);
    chat.leave();
    chat.leave();
    expect(admission.running()).toBe(1);
  });

  it('gives one page so many questions a minute, says when it may ask again, and holds to it', () => {
    const { admission, clock } = anAdmission();
    for (let index = 0; index < 5; index += 1) {
      expect(refusal(() => admission.enter('a', 10))).toBeNull();
      clock.advance(2_000);
    }
    expect(refusal(() => admission.enter('a', 10))).toEqual({
      status: 429,
      code: 'too-many-questions',
      message: 'This page asked 5 questions within a minute, which is the most. Ask again in 50 s.',
      retryAfterSeconds: 50,
    });
    expect(refusal(() => admission.enter('b', 10))).toBeNull();
    clock.advance(50_000);
    expect(refusal(() => admission.enter('a', 10))).toBeNull();
  });

  it('spends no more tokens a minute than all slots together may', () => {
    const { admission, clock } = anAdmission();
    for (const page of ['a', 'b', 'c']) expect(refusal(() => admission.enter(page, 4_096))).toBeNull();
    expect(refusal(() => admission.enter('d', 4_096))).toMatchObject({
      status: 429,
      code: 'too-many-questions',
      retryAfterSeconds: 60,
    });
    expect(refusal(() => admission.enter('d', 512))).toBeNull();
    clock.advance(60_000);
    expect(refusal(() => admission.enter('d', 4_096))).toBeNull();
  });

  it('forgets nothing that runs when very many pages come by', () => {
    const { admission } = anAdmission({ concurrentInAll: 100_000 });
    admission.enter('a', 1);
    admission.enter('a', 1);
    for (let index = 0; index < 5_000; index += 1) admission.enter(`page ${index}`, 1).leave();
    expect(refusal(() => admission.enter('a', 1))).toMatchObject({ code: 'too-many-chats' });
  });
});
