import { describe, expect, it } from 'vitest';
import { formatWindow } from './window-words';

describe('formatWindow', () => {
  it.each([
    ['5m', '5 min'],
    ['30m', '30 min'],
    ['1h', '1 h'],
    ['all', 'all'],
  ])('%s is %s', (window, text) => {
    expect(formatWindow(window).replace('\u00a0', ' ')).toBe(text);
  });
});
