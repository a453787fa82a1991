import { describe, expect, it } from 'vitest';
import { stopTurn } from '@/lib/domain/chat-model';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { type PhotoFinish, type Runner, toPhotoFinish } from './photo-finish-model';

type TurnOptions = Parameters<typeof aTurn>[0];

const asked = { questionId: 'q1' };

function race(baseline: TurnOptions, distributed: TurnOptions): PhotoFinish | null {
  const runners: Runner[] = [
    { lane: 'baseline', name: 'INT4', turn: aTurn({ asked, ...baseline }) },
    { lane: 'distributed', name: 'llm-d', turn: aTurn({ asked, ...distributed }) },
  ];
  return toPhotoFinish(runners);
}

describe('photo finish', () => {
  it('sets both lanes on one axis and says who was first, and by how much', () => {
    expect(
      race(
        { deltasMs: [1_840, 6_000], end: { ttftMs: 1_840, completionTokens: 64 } },
        { deltasMs: [310, 4_200], end: { ttftMs: 310, completionTokens: 64 } },
      ),
    ).toEqual({
      finishes: [
        {
          lane: 'baseline',
          name: 'INT4',
          state: 'finished',
          firstMs: 1_840,
          lastMs: 6_000,
          because: null,
          outputTokens: 64,
          startSkewMs: null,
          isRetried: false,
        },
        {
          lane: 'distributed',
          name: 'llm-d',
          state: 'finished',
          firstMs: 310,
          lastMs: 4_200,
          because: null,
          outputTokens: 64,
          startSkewMs: null,
          isRetried: false,
        },
      ],
      axisEndMs: 10_000,
      firstWords: 'First token: llm-d 1.53\u00a0s before INT4.',
      lastWords: 'Last token: llm-d 1.80\u00a0s before INT4. 64 tokens each.',
      retryWords: null,
    });
  });

  it('does not let the distributed lane win by default', () => {
    const finish = race(
      { deltasMs: [150, 900], end: { ttftMs: 150, completionTokens: 20 } },
      { deltasMs: [170, 1_000], end: { ttftMs: 170, completionTokens: 30 } },
    );
    expect([finish?.firstWords, finish?.lastWords]).toEqual([
      'First token: INT4 0.020\u00a0s before llm-d.',
      'Last token: INT4 0.10\u00a0s before llm-d. Not the same work: 20 against 30 tokens.',
    ]);
  });

  it('calls nothing that two requests on one machine could not tell apart', () => {
    const finish = race(
      { deltasMs: [150, 900], end: { ttftMs: 150, completionTokens: null } },
      { deltasMs: [154, 902], end: { ttftMs: 154, completionTokens: 30 } },
    );
    expect([finish?.firstWords, finish?.lastWords]).toEqual([
      'First token: too close to call (0.15\u00a0s and 0.15\u00a0s).',
      'Last token: too close to call (0.90\u00a0s and 0.90\u00a0s). Lengths not reported.',
    ]);
  });

  it('calls no lead that is less than the lanes started apart', () => {
    const words = (startSkewMs: number) =>
      race(
        { start: { startSkewMs }, deltasMs: [150, 900], end: { ttftMs: 150 } },
        { start: { startSkewMs }, deltasMs: [162, 960], end: { ttftMs: 162 } },
      )?.firstWords;
    expect([words(2), words(15)]).toEqual([
      'First token: INT4 0.012\u00a0s before llm-d.',
      'First token: too close to call (0.15\u00a0s and 0.16\u00a0s).',
    ]);
  });

  it('lets a failed lane lose with its reason, and the other run on', () => {
    const running = race({ error: { code: 'reset' } }, { end: null });
    expect(running?.lastWords).toBe(
      'INT4 loses: the connection was reset in the middle of the answer. llm-d runs on.',
    );
    const silent = race({ deltasMs: [], error: { code: 'unavailable' } }, {});
    expect([silent?.firstWords, silent?.lastWords]).toEqual([
      'First token: llm-d; none from INT4.',
      'INT4 loses: the endpoint is not available (503). llm-d wins.',
    ]);
    const none = race(
      { deltasMs: [], error: { code: 'unavailable' } },
      { deltasMs: [], error: { code: 'rate-limited' } },
    );
    expect([none?.firstWords, none?.lastWords]).toEqual([
      'First token: none in either lane.',
      'INT4 out: the endpoint is not available (503). llm-d out: Too many requests (429).',
    ]);
  });

  it('says what is still to come', () => {
    const start = race({ deltasMs: [], end: null }, { deltasMs: [], end: null });
    expect([start?.firstWords, start?.lastWords]).toEqual([
      'First token: both lanes wait.',
      'Last token: still to come.',
    ]);
    expect(race({ deltasMs: [], end: null }, { end: null })?.firstWords).toBe(
      'First token: llm-d; INT4 still waits.',
    );
    expect(race({ end: null }, {})?.lastWords).toBe('Last token: llm-d is done, the other runs.');
  });

  it('does not hide that a lane was asked twice', () => {
    const retried = {
      ...aTurn({ asked }),
      retry: { reason: '503', atMs: 40, usageReports: 'continuous' as const },
    };
    const finish = toPhotoFinish([
      { lane: 'baseline', name: 'INT4', turn: aTurn({ asked }) },
      { lane: 'distributed', name: 'llm-d', turn: retried },
    ]);
    expect(finish?.retryWords).toBe('llm-d asked twice; times of the second request.');
  });

  it('counts a stopped lane as out', () => {
    const turn = stopTurn(aTurn({ asked, end: null }));
    const finish = toPhotoFinish([
      { lane: 'baseline', name: 'INT4', turn },
      { lane: 'distributed', name: 'llm-d', turn },
    ]);
    expect(finish?.lastWords).toBe('INT4 out: it was stopped. llm-d out: it was stopped.');
  });

  it('is none for questions that were not asked together', () => {
    expect(race({}, { asked: { questionId: 'q2' } })).toBeNull();
    expect(toPhotoFinish([{ lane: 'baseline', name: 'INT4', turn: aTurn() }])).toBeNull();
  });
});
