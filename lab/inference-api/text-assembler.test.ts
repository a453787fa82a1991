import { describe, expect, test } from 'vitest';
import { TextAssembler } from './text-assembler.ts';

function feed(assembler: TextAssembler, texts: string[]): string[] {
  const sent: string[] = [];
  for (const text of texts) {
    const { delta, stoppedBy } = assembler.push({ id: 1, text });
    sent.push(delta);
    if (stoppedBy !== null) return [...sent, `<${stoppedBy}>`];
  }
  return [...sent, assembler.finish()];
}

describe('stop strings', () => {
  test('text flows straight through when there are none', () => {
    expect(feed(new TextAssembler([], 0), ['Hello', ' world'])).toEqual(['Hello', ' world', '']);
  });

  test('a stop string that spans tokens ends the text before it, and none of it is ever sent', () => {
    expect(feed(new TextAssembler(['END'], 0), ['some text E', 'ND more'])).toEqual([
      'some text',
      ' ',
      '<END>',
    ]);
  });

  test('what was held back is sent when the answer ends otherwise', () => {
    expect(feed(new TextAssembler(['END'], 0), ['text EN'])).toEqual(['text ', 'EN']);
  });

  test('stop strings do not count before the least number of tokens', () => {
    expect(feed(new TextAssembler(['.'], 2), ['a.', 'b.', 'c.', 'd'])).toEqual(['a.', 'b.', 'c', '<.>']);
  });
});
