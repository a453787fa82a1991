import { describe, expect, it } from 'vitest';
import { KEY_TABLE, type KeyCommand, type KeyStroke, keysOf, toKeyCommand } from './keys';
import { SCREENS, type Screen } from './screens';

function aStroke(key: string, overrides: Partial<KeyStroke> = {}): KeyStroke {
  return { key, code: '', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...overrides };
}

const PLAIN: [KeyStroke, KeyCommand | null][] = [
  [aStroke('1', { code: 'Digit1' }), { type: 'jump', screen: 'checklist' }],
  [aStroke('2', { code: 'Digit2' }), { type: 'jump', screen: 'placement' }],
  [aStroke('3', { code: 'Numpad3' }), { type: 'jump', screen: 'chat' }],
  [aStroke('4', { code: 'Digit4' }), { type: 'jump', screen: 'compare' }],
  [aStroke('5', { code: 'Digit5' }), null],
  // AZERTY: the unshifted digit row produces other characters.
  [aStroke('&', { code: 'Digit1' }), { type: 'jump', screen: 'checklist' }],
  [aStroke('!', { code: 'Digit1', shiftKey: true }), { type: 'prompt', number: 1 }],
  [aStroke('(', { code: 'Digit9', shiftKey: true }), { type: 'prompt', number: 9 }],
  [aStroke('0', { code: 'Digit0' }), null],
  [aStroke('PageDown'), { type: 'step', direction: 'next' }],
  [aStroke('PageUp'), { type: 'step', direction: 'previous' }],
  [aStroke('ArrowRight'), { type: 'step', direction: 'next' }],
  [aStroke('ArrowLeft'), { type: 'step', direction: 'previous' }],
  [aStroke('ArrowDown'), { type: 'select', direction: 'down' }],
  [aStroke('ArrowUp'), { type: 'select', direction: 'up' }],
  [aStroke('c'), { type: 'copy' }],
  [aStroke('r'), { type: 'ready', action: 'probe' }],
  [aStroke('h'), { type: 'ready', action: 'more' }],
  [aStroke('d'), { type: 'ready', action: 'save' }],
  [aStroke('o'), { type: 'compare', action: 'open' }],
  [aStroke('p'), { type: 'compare', action: 'pause' }],
  [aStroke('w'), { type: 'compare', action: 'window' }],
  [aStroke('q'), { type: 'compare', action: 'percentile' }],
  [aStroke('s'), { type: 'compare', action: 'sides' }],
  [aStroke('t'), { type: 'compare', action: 'table' }],
  [aStroke('g'), { type: 'compare', action: 'ladder' }],
  [aStroke('j'), { type: 'compare', action: 'earlier' }],
  [aStroke('l'), { type: 'compare', action: 'later' }],
  [aStroke('f'), { type: 'full-screen' }],
  [aStroke('.'), { type: 'blank' }],
  [aStroke('b'), { type: 'blank' }],
  [aStroke('?', { shiftKey: true }), { type: 'help' }],
  [aStroke('Escape'), { type: 'back' }],
  [aStroke('Enter'), null],
  [aStroke(' '), null],
  [aStroke('Tab'), null],
];

describe('keys', () => {
  it.each(PLAIN)('reads %o as %o', (stroke, command) => {
    expect(toKeyCommand(stroke, false)).toEqual(command);
  });

  it.each(PLAIN)(
    'while typing leaves all to the text field but PageUp, PageDown and Esc: %o',
    (stroke, command) => {
      const isKept = ['PageUp', 'PageDown', 'Escape'].includes(stroke.key);
      expect(toKeyCommand(stroke, true)).toEqual(isKept ? command : null);
    },
  );

  it.each(['ctrlKey', 'altKey', 'metaKey'] as const)('leaves chords with %s to the browser', (modifier) => {
    for (const [stroke] of PLAIN) {
      expect(toKeyCommand({ ...stroke, [modifier]: true }, false)).toBeNull();
    }
  });

  it('tells every key in the help, none twice on a screen', () => {
    const everywhere = keysOf('everywhere');
    const told = SCREENS.map((screen) => [...keysOf(screen), ...everywhere]);
    for (const rows of told) {
      const shown = rows.flatMap((row) => row.shown);
      expect(new Set(shown).size).toBe(shown.length);
      for (const { does } of rows) expect(does).not.toBe('');
    }
    const all = new Set(told.flat().flatMap((row) => row.shown));
    expect([...all].sort()).toEqual(KEY_TABLE.flatMap((row) => row.shown).sort());
  });

  it('tells what a key of several screens does on each', () => {
    const copyOn = (screen: Screen): string[] =>
      keysOf(screen).flatMap(({ shown, does }) => (shown.includes('c') ? [does] : []));
    expect(SCREENS.map(copyOn)).toEqual([
      ['Copy the report, or the command of the open gate'],
      [],
      ['Copy the last answer'],
      ['Copy the query of the open chart'],
    ]);
  });

  it('matches each stroke in at most one row, so that the order of the table does not matter', () => {
    for (const [stroke] of PLAIN) {
      expect(KEY_TABLE.filter((row) => row.match(stroke) !== null).length).toBeLessThanOrEqual(1);
    }
  });
});
