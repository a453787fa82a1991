import { describe, expect, it } from 'vitest';
import { cn } from './cn';

describe('cn', () => {
  it('lets the last of two equals win and keeps size and colour of a text apart', () => {
    expect(cn('p-2 text-small', 'p-4')).toBe('text-small p-4');
    expect(cn('text-hero text-ink')).toBe('text-hero text-ink');
    expect(cn('text-hero', { 'text-title': true, hidden: false })).toBe('text-title');
  });
});
