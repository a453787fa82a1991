import { AGGREGATIONS, ParseError } from './promql-syntax.ts';

const KEYWORDS = /^(offset|by|without|on|ignoring|group_left|group_right|bool|start|end)$/i;
const SET_WORDS = /^(and|or|unless|atan2)$/i;
const TOKEN =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[a-zA-Z_:][a-zA-Z0-9_:]*|\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*|[\d.]+(?:[eE][+-]?\d+)?|==|!=|=~|!~|>=|<=|\S/y;

/** What Prometheus would say about a query the grammar does not accept, seen from the first place that does not fit. */
export function parseProblem(query: string, errorAt: number): ParseError {
  const brackets = openBrackets(query);
  if (brackets.unexpectedCloseAt !== null && brackets.unexpectedCloseAt <= errorAt) {
    const character = query[brackets.unexpectedCloseAt];
    const name = character === ')' ? 'parenthesis' : character === '}' ? 'brace' : 'bracket';
    return new ParseError(query, brackets.unexpectedCloseAt + 1, `unexpected right ${name} '${character}'`);
  }
  const at = errorAt + (query.slice(errorAt).match(/^\s*/)?.[0].length ?? 0);
  if (at >= query.length) return endOfInput(query, brackets.open);
  const unknownFunction = /([a-zA-Z_][a-zA-Z0-9_]*)\s*$/.exec(query.slice(0, at));
  const name = unknownFunction?.[1] ?? '';
  if (query[at] === '(' && unknownFunction !== null && !KEYWORDS.test(name)) {
    return new ParseError(query, unknownFunction.index, `unknown function with name "${name}"`);
  }
  const isMatcher = brackets.open.at(-1) === '{' || /\{[^{}]*$/.test(query.slice(0, at));
  const place =
    isMatcher && /(=~?|!=|!~)\s*$/.test(query.slice(0, at)) ? ' in label matching, expected string' : '';
  return new ParseError(query, at, `unexpected ${describeToken(query, at)}${place}`);
}

function endOfInput(query: string, open: readonly string[]): ParseError {
  const end = query.length;
  if (query.trim() === '') return new ParseError(query, end, 'no expression found in input');
  switch (open.at(-1)) {
    case '{':
      return new ParseError(query, end, 'unexpected end of input inside braces');
    case '[':
      return new ParseError(query, end, 'unclosed left bracket');
    case '(':
      return new ParseError(query, end, 'unclosed left parenthesis');
    default:
      return new ParseError(query, end, 'unexpected end of input');
  }
}

function openBrackets(query: string): { open: string[]; unexpectedCloseAt: number | null } {
  const open: string[] = [];
  const partner: Record<string, string> = { ')': '(', '}': '{', ']': '[' };
  for (const match of query.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[()[\]{}]/g)) {
    const [text] = match;
    if ('([{'.includes(text)) open.push(text);
    else if (partner[text] !== undefined && open.pop() !== partner[text]) {
      return { open, unexpectedCloseAt: match.index };
    }
  }
  return { open, unexpectedCloseAt: null };
}

function describeToken(query: string, at: number): string {
  TOKEN.lastIndex = at;
  const text = TOKEN.exec(query)?.[0] ?? query.slice(at, at + 1);
  if (/^["'`]/.test(text)) return `string ${shortQuoted(text)}`;
  if (/^[a-zA-Z_:]/.test(text)) {
    if (KEYWORDS.test(text)) return `<${text.toLowerCase()}>`;
    if (SET_WORDS.test(text)) return `<op:${text.toLowerCase()}>`;
    if ((AGGREGATIONS as readonly string[]).includes(text.toLowerCase()))
      return `<aggr:${text.toLowerCase()}>`;
    return text.includes(':') ? `metric identifier "${text}"` : `identifier "${text}"`;
  }
  if (/^[\d.]/.test(text)) return /[a-z]$/.test(text) ? `duration "${text}"` : `number "${text}"`;
  if (/^(==|!=|=~|!~|>=|<=|[-+*/%^<>@])$/.test(text)) return `<op:${text}>`;
  return `"${text}"`;
}

function shortQuoted(text: string): string {
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
}
