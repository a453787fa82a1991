import { describe, expect, it } from 'vitest';
import type { ChatEvent } from './chat';
import {
  aNewTurn,
  applyBeat,
  applyChatEvent,
  applyDeltas,
  applyPing,
  type ChatTurn,
  firstTokenMs,
  loseTurn,
  MAX_ANSWER_CHARACTERS,
  MAX_ARRIVALS,
  stopTurn,
  submitTurn,
  toMessages,
  toReceived,
  toWait,
} from './chat-model';
import { DEFAULT_PARAMETERS } from './chat-parameters';
import { CHAT_END as END, NOON, CHAT_START as START } from './testing/build-chat';

function delta(text: string, atMs: number): ChatEvent {
  return { type: 'text-delta', text, atMs };
}

/** Events with the browser 30 ms behind the server. */
function aTurnAfter(...events: [ChatEvent, number][]): ChatTurn {
  return events.reduce(
    (turn, [event, elapsedMs]) => applyChatEvent(turn, event, elapsedMs),
    aNewTurn('Why?', NOON),
  );
}

describe('chat turn', () => {
  it('grows with its stream and keeps the times of server and browser apart', () => {
    expect(
      aTurnAfter([START, 35], [delta('Be', 310), 340], [delta('cause', 364), 394], [END, 1_430]),
    ).toEqual({
      prompt: 'Why?',
      asked: {
        questionId: '',
        title: null,
        system: null,
        coldLine: null,
        parameters: DEFAULT_PARAMETERS,
        path: null,
        isWarm: null,
        messageCount: null,
      },
      askedAt: NOON,
      outcome: { state: 'ended', end: END },
      start: START,
      retry: null,
      text: 'Because',
      reasoning: '',
      isCut: false,
      arrivalsMs: [310, 364],
      timing: { firstDeltaAtMs: 310, lastDeltaAtMs: 364 },
      tokensSoFar: null,
      browser: { firstTokenMs: 340, lastTokenMs: 394, lastHeardMs: 1_430, hasBeat: false },
    });
  });

  it('counts reasoning as the first token and keeps it apart from the text', () => {
    const turn = aTurnAfter(
      [{ type: 'reasoning-delta', text: 'Hm.', atMs: 200 }, 230],
      [delta('Yes', 900), 930],
    );
    expect([turn.reasoning, turn.text, turn.browser.firstTokenMs]).toEqual(['Hm.', 'Yes', 230]);
  });

  it('does not take an empty delta for a token', () => {
    const turn = aTurnAfter([delta('', 100), 130]);
    expect([turn.browser.firstTokenMs, firstTokenMs(turn), turn.arrivalsMs]).toEqual([null, null, []]);
  });

  it('drops what comes after Stop, an error or the end', () => {
    const stopped = stopTurn(aTurnAfter([delta('Be', 310), 340]));
    expect(applyChatEvent(stopped, delta('cause', 364), 394)).toBe(stopped);
    expect(stopTurn(stopped)).toBe(stopped);
    expect(loseTurn(stopped, { code: 'stream-cut', message: '', httpStatus: null })).toBe(stopped);
    expect(applyPing(stopped, 9_000)).toBe(stopped);
    const failed = aTurnAfter([
      { type: 'error', code: 'timeout', message: 'x', upstreamStatus: null, atMs: 5 },
      6,
    ]);
    expect(applyChatEvent(failed, END, 7)).toBe(failed);
  });

  it('says that the relay tried again', () => {
    expect(
      aTurnAfter([{ type: 'retry', reason: '503', atMs: 12, usageReports: 'at-end' }, 50]).retry,
    ).toEqual({
      reason: '503',
      atMs: 12,
      usageReports: 'at-end',
    });
  });

  it('is bounded in text and in arrivals', () => {
    const long = aTurnAfter([delta('x'.repeat(MAX_ANSWER_CHARACTERS), 1), 1], [delta('y', 2), 2]);
    expect(long.text).toHaveLength(MAX_ANSWER_CHARACTERS);
    expect(long.isCut).toBe(true);
    const full: ChatTurn = {
      ...aNewTurn('?', NOON),
      arrivalsMs: Array.from({ length: MAX_ARRIVALS }, (_, index) => index),
    };
    expect(applyChatEvent(full, delta('z', 9), 9).arrivalsMs).toHaveLength(MAX_ARRIVALS);
  });

  it('takes many deltas in as it takes one after the other', () => {
    const events: [ChatEvent, number][] = [
      [delta('', 1), 2],
      [delta('Be', 310), 340],
      [{ type: 'reasoning-delta', text: 'Hm.', atMs: 320 }, 350],
      [{ type: 'text-delta', text: 'cause', atMs: 364, completionTokens: 3 }, 394],
      [delta('', 400), 430],
    ];
    const arrived = events.flatMap(([event, elapsedMs]) =>
      event.type === 'text-delta' || event.type === 'reasoning-delta' ? [{ delta: event, elapsedMs }] : [],
    );
    expect(applyDeltas(aNewTurn('Why?', NOON), arrived)).toEqual(aTurnAfter(...events));
    const still = aNewTurn('Why?', NOON);
    expect(applyDeltas(still, [])).toBe(still);
  });

  it('knows its speed so far from the tokens that were reported, and keeps it after Stop', () => {
    const turn = aTurnAfter(
      [delta('Be', 300), 330],
      [{ type: 'text-delta', text: 'cause', atMs: 500, completionTokens: 5 }, 530],
    );
    const speed = { ttftMs: 300, meanItlMs: 50, tokensPerSecond: 20 };
    expect([toReceived(turn), toReceived(stopTurn(turn))]).toEqual([speed, speed]);
    expect(toReceived(aTurnAfter([delta('Be', 300), 330], [delta('cause', 500), 530])).meanItlMs).toBeNull();
  });

  it('warms up first where that was asked for', () => {
    const warming = aNewTurn('?', NOON, { parameters: { ...DEFAULT_PARAMETERS, warmsUp: true } });
    expect([warming.outcome.state, submitTurn(warming, true).outcome.state]).toEqual([
      'warming-up',
      'submitted',
    ]);
    expect(stopTurn(warming).outcome.state).toBe('stopped');
    const streaming = aTurnAfter([delta('Be', 300), 330]);
    expect(submitTurn(streaming, true)).toBe(streaming);
    expect([warming, submitTurn(warming, false)].map(({ asked }) => asked.isWarm)).toEqual([null, false]);
  });

  it('shows the first arrival until the server has measured', () => {
    expect(firstTokenMs(aNewTurn('?', NOON))).toBeNull();
    expect(firstTokenMs(aTurnAfter([delta('Be', 312), 340]))).toBe(312);
    expect(firstTokenMs(aTurnAfter([delta('Be', 312), 340], [END, 1_430]))).toBe(310);
  });
});

describe('conversation', () => {
  it('sends what was asked and answered, with stopped answers as far as they came, without failed questions', () => {
    const answered = aTurnAfter([delta('Because', 310), 340], [END, 1_430]);
    const stopped = stopTurn(aTurnAfter([delta('Half', 310), 340]));
    const failed = loseTurn(aNewTurn('Lost?', NOON), { code: 'unreachable', message: '', httpStatus: null });
    expect(toMessages([answered, failed, stopped], 'And now?')).toEqual([
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because' },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Half' },
      { role: 'user', content: 'And now?' },
    ]);
  });
});

describe('conversation as it is sent', () => {
  const answered = aTurnAfter([delta('Because', 310), 340], [END, 1_430]);

  it('has the system prompt first, and the cold line before everything', () => {
    expect(toMessages([answered], 'And?', { system: 'Be brief.', coldLine: '[c0]' })).toEqual([
      { role: 'system', content: '[c0]\nBe brief.' },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because' },
      { role: 'user', content: 'And?' },
    ]);
    expect(toMessages([answered], 'And?', { system: null, coldLine: '[c0]' })[0]?.content).toBe('[c0]\nWhy?');
  });
});

describe('waiting', () => {
  const flowing = aTurnAfter([START, 35], [delta('Be', 310), 340]);
  const LATE = [{ delta: { type: 'text-delta', text: 'cause', atMs: 2_900 }, elapsedMs: 3_000 }] as const;

  it.each<[string, ChatTurn, number, ReturnType<typeof toWait>]>([
    ['nothing came yet', aNewTurn('?', NOON), 3_000, 'first-token'],
    [
      'the relay pings and the model is silent',
      applyPing(aNewTurn('?', NOON), 20_000),
      21_000,
      'first-token',
    ],
    ['tokens come', flowing, 600, 'flowing'],
    ['no token for 10 s, pings go on', applyPing(flowing, 10_000), 10_341, 'stalled'],
    ['nothing at all for 12 s', flowing, 12_341, 'silent'],
    ['nothing for a second, and beats were promised', applyBeat(flowing, 600), 1_601, 'silent'],
    ['beats go on, and no token comes', applyBeat(applyBeat(flowing, 600), 1_400), 2_300, 'flowing'],
    ['tokens come again after a silence', applyDeltas(applyBeat(flowing, 600), LATE), 3_100, 'flowing'],
    ['it has ended', stopTurn(flowing), 99_000, null],
    [
      'it warms up',
      aNewTurn('?', NOON, { parameters: { ...DEFAULT_PARAMETERS, warmsUp: true } }),
      20_000,
      'warming-up',
    ],
  ])('when %s', (_, turn, elapsedMs, wait) => {
    expect(toWait(turn, elapsedMs)).toBe(wait);
  });
});
