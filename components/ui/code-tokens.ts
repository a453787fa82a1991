/**
 * Code read just far enough to set comments and keywords apart: one linear pass, no grammar, no package. A language it
 * does not know stays plain.
 */
export interface CodeToken {
  kind: 'plain' | 'comment' | 'string' | 'keyword';
  text: string;
}

interface Language {
  lineComments: readonly string[];
  hasBlockComments: boolean;
  quotes: string;
  keywords: ReadonlySet<string>;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const C_LIKE: Language = {
  lineComments: ['//'],
  hasBlockComments: true,
  quotes: '"\'`',
  keywords: words(
    'abstract as async await bool boolean break case catch chan char class const continue def default defer delete do double else enum export extends final finally float fn for from func function go if impl implements import in instanceof int interface let long loop map match mod mut new nil null of package private protected pub public range return select self static string struct super switch this throw throws trait true false try type typeof undefined use var void while yield',
  ),
};
const PYTHON: Language = {
  lineComments: ['#'],
  hasBlockComments: false,
  quotes: '"\'',
  keywords: words(
    'and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield',
  ),
};
const SHELL: Language = {
  lineComments: ['#'],
  hasBlockComments: false,
  quotes: '"\'',
  keywords: words(
    'case do done elif else esac export fi for function if in local return set then until while',
  ),
};
const DATA: Language = {
  lineComments: ['#'],
  hasBlockComments: false,
  quotes: '"\'',
  keywords: words('true false null yes no'),
};
const SQL: Language = {
  lineComments: ['--'],
  hasBlockComments: true,
  quotes: '"\'',
  keywords: words(
    'SELECT FROM WHERE GROUP BY ORDER HAVING JOIN LEFT RIGHT INNER OUTER ON AS AND OR NOT NULL INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE WITH UNION LIMIT select from where group by order having join left right inner outer on as and or not null insert into values update set delete create table with union limit',
  ),
};

const LANGUAGES = new Map<string, Language>([
  ...[
    'js',
    'jsx',
    'javascript',
    'ts',
    'tsx',
    'typescript',
    'java',
    'go',
    'rust',
    'rs',
    'c',
    'cpp',
    'c++',
    'cs',
    'csharp',
    'kotlin',
    'swift',
    'php',
    'scala',
  ].map((name) => [name, C_LIKE] as const),
  ...['py', 'python', 'python3'].map((name) => [name, PYTHON] as const),
  ...['sh', 'bash', 'shell', 'zsh', 'console', 'dockerfile', 'makefile'].map(
    (name) => [name, SHELL] as const,
  ),
  ...['yaml', 'yml', 'json', 'toml', 'ini', 'promql'].map((name) => [name, DATA] as const),
  ['sql', SQL],
]);

/** Longer code stays plain: colouring it would cost more than it tells. */
const MAX_CHARACTERS = 20_000;

const WORD = /[A-Za-z_$][\w$]*/y;

/** End of the string that starts at `start`; it ends with its line, so that a lone apostrophe costs one line at most. */
function endOfString(code: string, start: number): number {
  const quote = code[start];
  for (let index = start + 1; index < code.length; index += 1) {
    const character = code[index];
    if (character === '\\') index += 1;
    else if (character === quote) return index + 1;
    else if (character === '\n' && quote !== '`') return index;
  }
  return code.length;
}

function endOfComment(code: string, start: number, language: Language): number | null {
  if (language.lineComments.some((mark) => code.startsWith(mark, start))) {
    const before = code[start - 1];
    // `#` inside a word (an anchor, a colour, `$#`) starts no comment.
    if (code[start] === '#' && before !== undefined && !/\s/.test(before)) return null;
    const end = code.indexOf('\n', start);
    return end === -1 ? code.length : end;
  }
  if (language.hasBlockComments && code.startsWith('/*', start)) {
    const end = code.indexOf('*/', start + 2);
    return end === -1 ? code.length : end + 2;
  }
  return null;
}

/** The code in pieces; joined they are the code again. */
export function toCodeTokens(code: string, languageName: string): CodeToken[] {
  const language = LANGUAGES.get(languageName.toLowerCase());
  if (language === undefined || code.length > MAX_CHARACTERS) return [{ kind: 'plain', text: code }];
  const tokens: CodeToken[] = [];
  let plainFrom = 0;
  const push = (kind: CodeToken['kind'], from: number, to: number): void => {
    if (from > plainFrom) tokens.push({ kind: 'plain', text: code.slice(plainFrom, from) });
    tokens.push({ kind, text: code.slice(from, to) });
    plainFrom = to;
  };
  for (let index = 0; index < code.length; ) {
    const commentEnd = endOfComment(code, index, language);
    if (commentEnd !== null) {
      push('comment', index, commentEnd);
      index = commentEnd;
    } else if (language.quotes.includes(code.charAt(index))) {
      const end = endOfString(code, index);
      push('string', index, end);
      index = end;
    } else {
      WORD.lastIndex = index;
      const word = WORD.exec(code)?.[0];
      if (word !== undefined && language.keywords.has(word)) push('keyword', index, index + word.length);
      index += word?.length ?? 1;
    }
  }
  if (plainFrom < code.length) tokens.push({ kind: 'plain', text: code.slice(plainFrom) });
  return tokens;
}

/** Lines that are drawn as one block. */
const LINES_PER_PIECE = 16;

/** The tokens in pieces of whole lines; a token that reaches over a border is cut there. Joined they are the same text. */
export function toCodePieces(tokens: readonly CodeToken[]): CodeToken[][] {
  const pieces: CodeToken[][] = [];
  let piece: CodeToken[] = [];
  let lines = 0;
  for (const { kind, text } of tokens) {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
      lines += 1;
      if (lines < LINES_PER_PIECE) continue;
      pieces.push([...piece, { kind, text: text.slice(from, end + 1) }]);
      piece = [];
      lines = 0;
      from = end + 1;
    }
    if (from < text.length) piece.push({ kind, text: text.slice(from) });
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
