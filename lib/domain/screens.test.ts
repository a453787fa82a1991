import { describe, expect, it } from 'vitest';
import { neighbourScreen, toScreen } from './screens';

describe('screens', () => {
  it('knows the screen of a path and says when it is none', () => {
    expect(toScreen('/checklist')).toBe('checklist');
    expect(toScreen('/chat/anything')).toBe('chat');
    expect(toScreen('/chatter')).toBeNull();
    expect(toScreen('/')).toBeNull();
  });

  it('steps in the order of the show and stops at both ends', () => {
    expect(neighbourScreen('checklist', 'next')).toBe('placement');
    expect(neighbourScreen('compare', 'previous')).toBe('chat');
    expect(neighbourScreen('checklist', 'previous')).toBeNull();
    expect(neighbourScreen('compare', 'next')).toBeNull();
  });
});
