import { describe, expect, it } from 'vitest';
import { createBlockCutter, MAX_LINE_CHARACTERS, toMarkdownBlocks } from './markdown-blocks';

const ANSWER = `# Title

Two lines
of prose.

1. one

2. two
   more of two

   still two

- other

\`\`\`ts title
const a = 1;

# no heading
\`\`\`
after

| a | b |
| - | - |
| 1 | 2 |
`;

describe('markdown blocks', () => {
  it('cuts between blocks, keeps lists whole and never reads code', () => {
    expect(toMarkdownBlocks(ANSWER)).toEqual([
      { kind: 'markdown', source: '# Title' },
      { kind: 'markdown', source: 'Two lines\nof prose.' },
      { kind: 'markdown', source: '1. one\n\n2. two\n   more of two\n\n   still two\n\n- other' },
      { kind: 'code', language: 'ts', code: 'const a = 1;\n\n# no heading', isOpen: false },
      { kind: 'markdown', source: 'after' },
      { kind: 'markdown', source: '| a | b |\n| - | - |\n| 1 | 2 |' },
    ]);
  });

  it('shows a fence that is still open as code, whatever is in it', () => {
    expect(toMarkdownBlocks('~~~~\n```\n<script>alert(1)</script>\n')).toEqual([
      { kind: 'code', language: '', code: '```\n<script>alert(1)</script>', isOpen: true },
    ]);
  });

  it('cuts a growing text as it cuts the whole, at every length, and keeps what is done', () => {
    const cutter = createBlockCutter();
    let before = cutter('');
    for (let length = 1; length <= ANSWER.length; length += 1) {
      const text = ANSWER.slice(0, length);
      const blocks = cutter(text);
      expect(blocks).toEqual(toMarkdownBlocks(text));
      for (const [index, block] of before.slice(0, -2).entries()) expect(blocks[index]).toBe(block);
      before = blocks;
    }
  });

  it('starts anew with a text that is no continuation', () => {
    const cutter = createBlockCutter();
    cutter('a\n\nb');
    expect(cutter('c\n\nd\n\ne')).toEqual(toMarkdownBlocks('c\n\nd\n\ne'));
  });

  it('does not parse what no one can read: a 2 MB line, a hundred quotes in each other', () => {
    const line = 'x*'.repeat(1_000_000);
    const quotes = '>'.repeat(100);
    expect(toMarkdownBlocks(`a\n${line}\nb\n${quotes}`)).toEqual([
      { kind: 'markdown', source: 'a' },
      { kind: 'plain', text: line },
      { kind: 'markdown', source: 'b' },
      { kind: 'plain', text: quotes },
    ]);
  });

  it('bounds the block that is parsed again with every frame', () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `- item number ${index}`).join('\n');
    const sizes = toMarkdownBlocks(rows).map((block) =>
      block.kind === 'markdown' ? block.source.length : 0,
    );
    expect(Math.max(...sizes)).toBeLessThan(MAX_LINE_CHARACTERS * 2);
    expect(sizes.length).toBeGreaterThan(5);
  });
});
