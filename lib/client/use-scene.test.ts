import { describe, expect, it } from 'vitest';
import { rememberScene, toSceneHref } from './use-scene';

describe('scenes of the screens', () => {
  it('lead back to the scene a screen was left in', () => {
    expect(toSceneHref('/compare')).toBe('/compare');
    rememberScene('/compare', 'window=1h&percentile=50');
    rememberScene('/chat', '');
    expect(toSceneHref('/compare')).toBe('/compare?window=1h&percentile=50');
    expect(toSceneHref('/chat')).toBe('/chat');
  });
});
