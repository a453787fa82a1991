import { describe, expect, it } from 'vitest';
import { MAX_PROMPT_TITLE, MAX_PROMPTS } from './prompts';
import { SHARED_DOCUMENT } from './shared-document';
import { SHIPPED_PROMPTS } from './shipped-prompts';

describe('the shipped prompts', () => {
  it('sit on Shift+1 to Shift+9, each with an id of its own', () => {
    expect(SHIPPED_PROMPTS).toHaveLength(MAX_PROMPTS);
    expect(new Set(SHIPPED_PROMPTS.map(({ id }) => id)).size).toBe(MAX_PROMPTS);
    for (const { id } of SHIPPED_PROMPTS) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('have a title that fits a button and a text that asks something', () => {
    for (const { title, text } of SHIPPED_PROMPTS) {
      expect(title.length).toBeLessThanOrEqual(MAX_PROMPT_TITLE);
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(10);
    }
  });

  it('ask three questions on one text, so that a prefix cache has something to keep', () => {
    const long = SHIPPED_PROMPTS.filter(({ isLong }) => isLong);
    expect(long).toHaveLength(3);
    expect(new Set(long.map(({ system }) => system)).size).toBe(1);
    expect(new Set(long.map(({ text }) => text)).size).toBe(3);
  });

  it('fit a context of 8,192 tokens with room to talk, at four characters a token', () => {
    expect(SHARED_DOCUMENT.length / 4).toBeGreaterThan(1_500);
    expect(SHARED_DOCUMENT.length / 4).toBeLessThan(4_000);
  });
});
