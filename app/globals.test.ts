import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contrastRatio, type HexColour, ROOM_FLARE } from '@/lib/domain/contrast';

const styleSheet = readFileSync(fileURLToPath(new URL('./globals.css', import.meta.url)), 'utf8');

/** The custom properties of one theme, as written in the style sheet. */
function readTheme(name: string): Map<string, HexColour> {
  const block = new RegExp(`\\[data-theme=["']${name}["']\\] \\{([^}]*)\\}`).exec(styleSheet)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, token, colour]) => [
      token ?? '',
      colour as HexColour,
    ]),
  );
}

const GROUNDS = ['ground', 'surface'];
const TEXTS = ['ink', 'ink-soft', 'baseline', 'distributed', 'pass', 'warn', 'fail', 'unknown'];
const INK_ONLY_GROUNDS = [
  'sunken',
  'baseline-fill',
  'distributed-fill',
  'pass-fill',
  'warn-fill',
  'fail-fill',
  'unknown-fill',
];
const GRAPHICS_ON_FILL = ['pass', 'warn', 'fail', 'unknown', 'baseline', 'distributed'];

describe.each(['light', 'dark'])('%s theme', (name) => {
  const theme = readTheme(name);
  const colour = (token: string): HexColour => {
    const value = theme.get(token);
    if (value === undefined) throw new Error(`no --${token} in the ${name} theme`);
    return value;
  };

  it.each(GROUNDS.flatMap((ground) => TEXTS.map((text) => [text, ground])))(
    'has %s legible on %s, also in a lit room',
    (text, ground) => {
      expect(contrastRatio(colour(text), colour(ground))).toBeGreaterThanOrEqual(7);
      expect(contrastRatio(colour(text), colour(ground), ROOM_FLARE)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(INK_ONLY_GROUNDS)('has ink legible on %s, also in a lit room', (ground) => {
    expect(contrastRatio(colour('ink'), colour(ground))).toBeGreaterThanOrEqual(7);
    expect(contrastRatio(colour('ink'), colour(ground), ROOM_FLARE)).toBeGreaterThanOrEqual(4.5);
  });

  it('has the selected step legible: ground on ink', () => {
    expect(contrastRatio(colour('ground'), colour('ink'), ROOM_FLARE)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GRAPHICS_ON_FILL)('has the %s mark visible on its own fill', (token) => {
    expect(contrastRatio(colour(token), colour(`${token}-fill`))).toBeGreaterThanOrEqual(3);
  });

  it.each(GROUNDS)('has outlines of controls and free slots visible on %s', (ground) => {
    expect(contrastRatio(colour('line'), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

describe('style sheet', () => {
  it('keeps raw colours inside the theme blocks', () => {
    const outside = styleSheet.replace(/\[data-theme=["'](?:light|dark)["']\] \{[^}]*\}/g, '');
    expect(outside).not.toMatch(/#[0-9a-f]{3,8}\b/i);
  });
});
