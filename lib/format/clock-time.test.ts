import { describe, expect, it } from 'vitest';
import { formatClockTime } from './clock-time';

describe('formatClockTime', () => {
  it('shows hours, minutes and seconds of the viewer', () => {
    const local = new Date(2025, 11, 29, 4, 8, 3);
    expect(formatClockTime(local.toISOString())).toBe('04:08:03');
  });

  it('shows what it cannot read', () => {
    expect(formatClockTime('yesterday')).toBe('yesterday');
  });
});
