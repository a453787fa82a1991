import { seedFromText } from '../random.ts';

/** One token. `text` is empty where the bytes so far complete no character (emoji take several tokens). */
export interface Token {
  id: number;
  text: string;
  /** Belongs to the thinking that precedes the answer. */
  isReasoning?: true;
}

/** Size of the vocabulary imitated (Tekken); the first thousand ids are control tokens. */
const VOCABULARY_SIZE = 131_072;
const FIRST_TEXT_ID = 1000;
export const CONTROL_TOKENS = {
  begin: 1,
  end: 2,
  instruction: 3,
  instructionEnd: 4,
  system: 17,
  systemEnd: 18,
};

const PIECES =
  /[^\S\n]?\p{L}+(?:['’]\p{L}{1,2}(?!\p{L}))?|\p{N}|[^\S\n]?[^\s\p{L}\p{N}]+|\s*\n+|\s+(?!\S)|\s+/gu;

/** Letters that one token usually holds; longer words fall into two or more. */
const LETTERS_PER_TOKEN = 7;
/** Longer words so frequent in this field that one token holds them. */
const WHOLE_WORDS = new Set(
  `inference response requests different important generation performance available throughput question
   questions parameters environment application applications information production something everything
   expensive distance attention instance instances conversation scheduler deployment cluster hardware
   platform together whichever between another additional container containers document documents
   operator resources endpoint available language interesting difference understand`
    .split(/\s+/)
    .filter((word) => word.length > LETTERS_PER_TOKEN),
);

/**
 * Cuts text as a byte-pair tokenizer roughly does: common words whole, long ones in pieces, digits one by one.
 * The pieces always add up to the text, so a prompt that extends another extends its tokens too.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [piece] of text.matchAll(PIECES)) {
    for (const part of splitPiece(piece)) tokens.push(...toTokens(part));
  }
  return tokens;
}

export function tokenIds(text: string): number[] {
  return tokenize(text).map((token) => token.id);
}

function splitPiece(piece: string): string[] {
  const space = /^[^\S\n]/.test(piece) ? (piece[0] ?? '') : '';
  const body = piece.slice(space.length);
  if (body === '' || /\s/.test(body)) return chunks(piece, 16);
  if (!/\p{L}/u.test(body)) return withSpace(space, chunks(body, 3));
  // Scripts other than Latin cost about one token for two characters.
  if (/[^\u0020-\u024f’]/u.test(body)) return withSpace(space, chunks(body, 2));
  if (body.length <= LETTERS_PER_TOKEN || WHOLE_WORDS.has(body.toLowerCase())) return [piece];
  const parts = Math.ceil(body.length / LETTERS_PER_TOKEN);
  return withSpace(space, chunks(body, Math.ceil(body.length / parts)));
}

function withSpace(space: string, parts: string[]): string[] {
  return parts.map((part, index) => (index === 0 ? space + part : part));
}

function chunks(text: string, size: number): string[] {
  const characters = [...text];
  const parts: string[] = [];
  for (let start = 0; start < characters.length; start += size) {
    parts.push(characters.slice(start, start + size).join(''));
  }
  return parts;
}

/** Characters beyond the basic plane are not in the vocabulary: their bytes come in three tokens. */
function toTokens(part: string): Token[] {
  const id = FIRST_TEXT_ID + (seedFromText(part) % (VOCABULARY_SIZE - FIRST_TEXT_ID));
  if (!/[\u{10000}-\u{10ffff}]/u.test(part)) return [{ id, text: part }];
  return [
    { id: (id % 200) + FIRST_TEXT_ID, text: '' },
    { id: (id % 400) + FIRST_TEXT_ID, text: '' },
    { id, text: part },
  ];
}
