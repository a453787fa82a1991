/**
 * Markdown that grows, cut into blocks that no longer change: only the last one is parsed again when text is added.
 * Reference definitions and footnotes do not reach over blocks; model answers hardly use them.
 */
export type MarkdownBlock =
  /** Parsed as Markdown. */
  | { kind: 'markdown'; source: string }
  /** A fenced code block, open (still growing) or closed. Never parsed: what is in it is text. */
  | { kind: 'code'; language: string; code: string; isOpen: boolean }
  /** Shown as it is: too long for a parser that has to keep up with the stream. */
  | { kind: 'plain'; text: string };

interface PlacedBlock {
  block: MarkdownBlock;
  /** Where its first line starts in the whole text. */
  start: number;
}

/** Longest line that is read as Markdown; no prose has such lines. */
export const MAX_LINE_CHARACTERS = 4_000;
/** A block that grows beyond this is closed at the next line: the cost of a frame stays bounded. */
export const MAX_BLOCK_CHARACTERS = 6_000;
/** Deeper than this, quotes and lists say nothing and cost much. */
const MAX_NESTING = 12;

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\n]*)$/;
const NESTED = new RegExp(`^(?:[ \\t]*(?:>|[-+*][ \\t]|\\d{1,9}[.)][ \\t])){${MAX_NESTING},}`);
const LIST_ITEM = /^ {0,3}(?:[-+*]|\d{1,9}[.)])[ \t]/;
const INDENTED = /^(?: {2,}|\t)/;

function isBlank(line: string): boolean {
  return line.trim() === '';
}

function isClosing(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return (
    trimmed.length >= fence.length &&
    trimmed.startsWith(fence) &&
    trimmed === fence.charAt(0).repeat(trimmed.length)
  );
}

function isUnreadable(line: string): boolean {
  return line.length > MAX_LINE_CHARACTERS || NESTED.test(line);
}

/** Whether the line after a blank one still belongs to what came before it: a list goes on, an item has more text. */
function goesOn(blockLines: readonly string[], line: string): boolean {
  const first = blockLines[0] ?? '';
  return LIST_ITEM.test(first) && (LIST_ITEM.test(line) || INDENTED.test(line));
}

/** Cuts `text` from `from` on. */
function cut(text: string, from: number): PlacedBlock[] {
  const blocks: PlacedBlock[] = [];
  let lines: string[] = [];
  let start = from;
  let size = 0;
  let isAfterBlank = false;
  let fence: { mark: string; language: string; lines: string[] } | null = null;

  const close = (next: number): void => {
    const source = lines.join('\n').trimEnd();
    if (source !== '') blocks.push({ block: { kind: 'markdown', source }, start });
    lines = [];
    size = 0;
    isAfterBlank = false;
    start = next;
  };

  for (let position = from; position <= text.length; ) {
    const lineEnd = text.indexOf('\n', position);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const line = text.slice(position, end);
    const next = end + 1;
    if (fence !== null) {
      if (isClosing(line, fence.mark)) {
        const { language, lines: code } = fence;
        blocks.push({ block: { kind: 'code', language, code: code.join('\n'), isOpen: false }, start });
        fence = null;
        start = next;
      } else if (end < text.length || line !== '') {
        fence.lines.push(line);
      }
    } else {
      const opening = FENCE.exec(line);
      if (opening !== null && !(opening[1]?.startsWith('`') === true && opening[2]?.includes('`') === true)) {
        close(position);
        fence = {
          mark: opening[1] ?? '',
          language: (opening[2] ?? '').trim().split(/\s/)[0] ?? '',
          lines: [],
        };
      } else if (isUnreadable(line)) {
        close(position);
        blocks.push({ block: { kind: 'plain', text: line }, start });
        start = next;
      } else if (isBlank(line)) {
        if (lines.length > 0) lines.push(line);
        else start = next;
        isAfterBlank = true;
      } else {
        const isFull = size > MAX_BLOCK_CHARACTERS;
        if (lines.length > 0 && (isFull || (isAfterBlank && !goesOn(lines, line)))) close(position);
        lines.push(line);
        size += line.length;
        isAfterBlank = false;
      }
    }
    position = next;
  }
  if (fence !== null) {
    const { language, lines: code } = fence;
    blocks.push({ block: { kind: 'code', language, code: code.join('\n'), isOpen: true }, start });
  }
  close(text.length);
  return blocks;
}

/** All blocks of a text. */
export function toMarkdownBlocks(text: string): MarkdownBlock[] {
  return cut(text, 0).map(({ block }) => block);
}

/**
 * The same for a text that grows: only the text from the last block but one on is looked at again (a first line that is
 * still growing, `2` on its way to `2. two`, may yet join the block before). Earlier blocks keep their identity. A text
 * that is no continuation is cut anew.
 */
export function createBlockCutter(): (text: string) => readonly MarkdownBlock[] {
  let knownText = '';
  let placed: readonly PlacedBlock[] = [];
  let blocks: readonly MarkdownBlock[] = [];
  return (text) => {
    if (text === knownText) return blocks;
    const first = text.startsWith(knownText) ? placed.at(-2) : undefined;
    const kept = first === undefined ? [] : placed.slice(0, -2);
    placed = [...kept, ...cut(text, first?.start ?? 0)];
    blocks = placed.map(({ block }) => block);
    knownText = text;
    return blocks;
  };
}
