import { describe, expect, it } from 'vitest';
import { SCRIPTED_PROMPTS } from './scripted-prompts';

describe('scripted prompts', () => {
  it('sit on Shift+1 to Shift+9 without a gap', () => {
    expect(SCRIPTED_PROMPTS.map((prompt) => prompt.number)).toEqual(
      SCRIPTED_PROMPTS.map((_, index) => index + 1),
    );
    expect(SCRIPTED_PROMPTS.length).toBeLessThanOrEqual(9);
  });

  it('have a title that fits a button and a text that asks something', () => {
    for (const { title, text } of SCRIPTED_PROMPTS) {
      expect(title.length).toBeLessThanOrEqual(24);
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(10);
    }
  });
});
