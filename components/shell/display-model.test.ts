import { describe, expect, it } from 'vitest';
import { flipDensity, parseDisplaySettings, toDensity } from './display-model';

function parse(cookies: Record<string, string>): ReturnType<typeof parseDisplaySettings> {
  return parseDisplaySettings((name) => cookies[name]);
}

describe('display settings', () => {
  it('start light and, in a window, at desk size', () => {
    expect(parse({})).toEqual({ theme: 'light', densityChoice: 'auto', density: 'desk' });
  });

  it('restore what was chosen', () => {
    expect(parse({ theme: 'dark', density: 'stage' })).toEqual({
      theme: 'dark',
      densityChoice: 'stage',
      density: 'stage',
    });
  });

  it('repaint a reloaded full screen at stage size at once', () => {
    expect(parse({ density: 'auto', 'density-now': 'stage' }).density).toBe('stage');
    expect(parse({ density: 'desk', 'density-now': 'stage' }).density).toBe('desk');
  });

  it('do not believe foreign values', () => {
    expect(parse({ theme: 'pink', density: 'huge', 'density-now': '<script>' })).toEqual(parse({}));
  });

  it('follow full screen until someone chooses, and again when the choice is what full screen gives', () => {
    expect([toDensity('auto', true), toDensity('auto', false)]).toEqual(['stage', 'desk']);
    expect(flipDensity('auto', false)).toBe('stage');
    expect(flipDensity('stage', false)).toBe('auto');
    expect(flipDensity('auto', true)).toBe('desk');
    expect(flipDensity('desk', true)).toBe('auto');
  });
});
