import { describe, expect, it } from 'vitest';
import { aSource } from '@/lib/client/testing/live-fixtures';
import { SOURCE_STATES } from '@/lib/domain/vocabulary';
import { SOURCE_LOOKS, toShownState } from './source-looks';

describe('source lights', () => {
  it('have a word of their own for every state, so that colour and shape never stand alone', () => {
    const words = SOURCE_STATES.map((state) => SOURCE_LOOKS[state].word);
    expect(new Set(words).size).toBe(SOURCE_STATES.length);
  });

  it('are green for a living source only', () => {
    expect(SOURCE_STATES.filter((state) => SOURCE_LOOKS[state].mark === 'pass')).toEqual(['live']);
  });

  it('do not stay live while the dashboard itself is not heard, and keep telling other states', () => {
    expect(toShownState(aSource({ state: 'live' }), true)).toBe('live');
    expect(toShownState(aSource({ state: 'live' }), false)).toBe('reconnecting');
    expect(toShownState(aSource({ state: 'forbidden' }), false)).toBe('forbidden');
  });
});
