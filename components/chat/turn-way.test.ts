import { describe, expect, it } from 'vitest';
import type { ChatEnd, ChatStart } from '@/lib/domain/chat';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { toServedBy, toShortMethod } from './served-by';
import { type PickerSight, toPathWords, toPickerSight, whyBypassed } from './turn-way';

const FACTS: LaneFacts = {
  arm: 'distributed',
  servedModelName: 'mistral-3-distributed',
  facts: [],
  configuredFacts: null,
  podsSeenAt: null,
  paths: [
    {
      path: 'gateway',
      url: null,
      usable: false,
      schedulerInPath: true,
      verifiesTls: true,
      connectsInsteadOfPort: null,
      finding: 'Gateway not found.',
    },
  ],
  usedPath: 'route',
  sendsKey: false,
  trustsOwnCa: false,
};

describe('way of an answer', () => {
  it.each<[string, Partial<ChatStart>, Partial<ChatEnd> | null, string, PickerSight]>([
    ['seen in the answer', {}, {}, 'Gateway → picker', 'seen'],
    ['expected, and not claimed before it is seen', {}, null, 'Gateway', 'expected'],
    ['expected and missing', {}, { schedulerSeen: false }, 'Gateway', 'missed'],
    ['gone round', { path: 'route', schedulerInPath: false }, { schedulerSeen: null }, 'Route', 'bypassed'],
    [
      'none in this arm',
      { arm: 'baseline', path: 'route', schedulerInPath: false },
      { schedulerSeen: null },
      'Route',
      'none',
    ],
    [
      'not known of a configured URL',
      { path: 'override', schedulerInPath: null },
      { schedulerSeen: null },
      'configured URL',
      'none',
    ],
    [
      'not seen, where nobody knows whether it is on the way',
      { path: 'override', schedulerInPath: null },
      { schedulerSeen: false },
      'configured URL',
      'unmarked',
    ],
  ])('names the picker as %s', (_, start, end, words, sight) => {
    const turn = aTurn({ start, end });
    expect(toPathWords(turn, null)).toBe(words);
    expect(toPickerSight(turn)).toBe(sight);
  });

  it('claims nothing of the picker from a refusal, which may be its own', () => {
    const turn = (upstreamStatus: number): ChatTurn =>
      aTurn({ deltasMs: [], error: { code: 'x', upstreamStatus, schedulerSeen: false } });
    expect([429, 503, 200].map((status) => toPickerSight(turn(status)))).toEqual([
      'expected',
      'expected',
      'missed',
    ]);
  });

  it('ends with the pod that served, when it is known', () => {
    const pod = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';
    const byHeader = aTurn({ end: { servedBy: { pod, method: 'header' } } });
    expect(toPathWords(byHeader, toServedBy(byHeader, []))).toBe('Gateway → picker → rv4xr');
    expect(toServedBy(aTurn(), [{ requestId: 'r1', pod, method: 'counter' }])).toEqual({
      pod,
      method: 'counter',
    });
    expect(toShortMethod({ pod, method: 'per-pod counter: the only request' })).toBe('per-pod counter');
    expect(toServedBy(aTurn(), [{ requestId: 'r2', pod, method: 'counter' }])).toBeNull();
  });

  it('says why the picker was not on the way', () => {
    const byRoute = (turn: Partial<ChatTurn['asked']> = {}): ChatTurn =>
      aTurn({ start: { path: 'route', schedulerInPath: false }, end: { schedulerSeen: null }, asked: turn });
    expect(whyBypassed(aTurn(), FACTS)).toBeNull();
    expect(whyBypassed(byRoute({ path: 'route' }), FACTS)?.short).toBe('scheduler bypassed: chosen');
    expect(whyBypassed(byRoute(), FACTS)).toEqual({
      short: 'scheduler bypassed: no Gateway',
      long: 'The Gateway cannot be used: Gateway not found.',
    });
    expect(whyBypassed(byRoute(), null)?.short).toBe('scheduler bypassed');
    expect(whyBypassed(aTurn({ end: { schedulerSeen: false } }), null)?.long).toContain(
      'leads through the picker',
    );
    const configured = aTurn({
      start: { path: 'override', schedulerInPath: null },
      end: { schedulerSeen: false },
    });
    expect(whyBypassed(configured, null)).toEqual({
      short: 'picker not seen',
      long: 'The answer does not carry the picker’s mark (x-went-into-resp-headers). Whether the way leads through it is not known.',
    });
  });
});
