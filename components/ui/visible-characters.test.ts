import { describe, expect, it } from 'vitest';
import { toVisibleCharacters } from './visible-characters';

describe('visible characters', () => {
  it.each([
    ['an ANSI escape loses its power and is seen', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['a right-to-left override is seen', 'invoice\u202Egpj.exe', 'invoice[U+202E]gpj.exe'],
    ['isolates are seen', '\u2066a\u2069', '[U+2066]a[U+2069]'],
    ['lines and tabs stay', 'a\tb\r\nc', 'a\tb\nc'],
    ['C1 controls and lone surrogates are replaced', '\u009b31m \ud800 \udc00', '\ufffd31m \ufffd \ufffd'],
    ['DEL and NUL are seen', '\u007f\u0000', '␡␀'],
    ['emoji, Hebrew and its marks stay', '🙂 שלום\u200f', '🙂 שלום\u200f'],
  ])('%s', (_, text, seen) => {
    expect(toVisibleCharacters(text)).toBe(seen);
  });
});
