import { describe, expect, it } from 'vitest';
import { toLive } from './use-live';

describe('toLive', () => {
  it('is loading until a document is there', () => {
    expect(toLive(null, { phase: 'reconnecting', lastHeardAt: null })).toEqual({
      state: 'loading',
      phase: 'reconnecting',
    });
  });

  it.each(['streaming', 'polling'] as const)('is live while %s', (phase) => {
    expect(toLive('value', { phase, lastHeardAt: 5 })).toEqual({
      state: 'live',
      value: 'value',
      lastHeardAt: 5,
    });
  });

  it.each(['reconnecting', 'connecting'] as const)('keeps the last value while %s', (phase) => {
    expect(toLive('value', { phase, lastHeardAt: 5 })).toEqual({
      state: 'reconnecting',
      value: 'value',
      lastHeardAt: 5,
    });
  });
});
