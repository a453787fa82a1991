import { describe, expect, it } from 'vitest';
import { toCodePieces, toCodeTokens } from './code-tokens';

const marked = (code: string, language: string): string[] =>
  toCodeTokens(code, language)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind}: ${text}`);

describe('code tokens', () => {
  it.each([
    [
      'const a = "if"; // note\n/* more\n*/ returned',
      'ts',
      ['keyword: const', 'string: "if"', 'comment: // note', 'comment: /* more\n*/'],
    ],
    [
      'def f():  # why\n  return "a#b"',
      'python',
      ['keyword: def', 'comment: # why', 'keyword: return', 'string: "a#b"'],
    ],
    ['echo $# "it\'s" # count', 'bash', ['string: "it\'s"', 'comment: # count']],
    ['on: true # yes', 'yaml', ['keyword: true', 'comment: # yes']],
    ["it's a lone apostrophe\nreturn 1", 'js', ["string: 's a lone apostrophe", 'keyword: return']],
    ['const a = 1', 'brainfuck', []],
    ['const a = 1', '__proto__', []],
  ])('%s in %s', (code, language, expected) => {
    expect(marked(code, language)).toEqual(expected);
  });

  it('loses no character', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code as a model writes it
    const code = '`${a}\n` /* open\n "x\\"y" for if(…)#';
    for (const language of ['ts', 'python', 'sql', 'none']) {
      expect(
        toCodeTokens(code, language)
          .map(({ text }) => text)
          .join(''),
      ).toBe(code);
    }
  });

  it('leaves very long code alone', () => {
    expect(toCodeTokens('if '.repeat(10_000), 'ts')).toHaveLength(1);
  });
});

describe('pieces of code', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, index) => `line ${index} # é`).join('\n');
  const textsOf = (code: string): string[] =>
    toCodePieces(toCodeTokens(code, 'bash')).map((piece) => piece.map(({ text }) => text).join(''));

  it('are whole lines, and together the code again', () => {
    const pieces = textsOf(lines(50));
    expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([16, 16, 16, 1]);
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(pieces.join('')).toBe(lines(50));
    expect(textsOf('')).toEqual([]);
  });

  it('stay as they are while the code grows', () => {
    const before = textsOf(lines(40));
    expect(textsOf(lines(60)).slice(0, 2)).toEqual(before.slice(0, 2));
  });

  it('cut a token that reaches over many lines', () => {
    const comment = `/*${'\n'.repeat(40)}*/ if`;
    expect(toCodePieces(toCodeTokens(comment, 'js')).map((piece) => piece.map(({ kind }) => kind))).toEqual([
      ['comment'],
      ['comment'],
      ['comment', 'plain', 'keyword'],
    ]);
  });
});
