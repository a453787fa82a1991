import { describe, expect, it } from 'vitest';
import { contrastRatio, ROOM_FLARE, relativeLuminance } from './contrast';

describe('contrast', () => {
  it('gives the WCAG luminance of black, white and a mid grey', () => {
    expect(relativeLuminance('#000000')).toBe(0);
    expect(relativeLuminance('#ffffff')).toBeCloseTo(1, 10);
    expect(relativeLuminance('#777777')).toBeCloseTo(0.1845, 4);
  });

  it('gives 21:1 for black on white in either order', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 10);
    expect(contrastRatio('#ffffff', '#000000')).toBeCloseTo(21, 10);
  });

  it('shrinks when room light raises the black level', () => {
    expect(contrastRatio('#000000', '#ffffff', ROOM_FLARE)).toBeCloseTo(6, 10);
  });
});
