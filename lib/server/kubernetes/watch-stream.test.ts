import { describe, expect, it } from 'vitest';
import { readWatchItems, type WatchItem } from './watch-stream';

async function itemsOf(...chunks: (string | Uint8Array)[]): Promise<WatchItem[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const items: WatchItem[] = [];
  for await (const item of readWatchItems(body())) items.push(item);
  return items;
}

const ADDED = '{"type":"ADDED","object":{"metadata":{"name":"ü"}}}';
const APPLIED: WatchItem = { type: 'applied', object: { metadata: { name: 'ü' } } };

describe('readWatchItems', () => {
  it('reads every type of event', async () => {
    expect(
      await itemsOf(
        `${ADDED}\n`,
        '{"type":"MODIFIED","object":{"a":1}}\n{"type":"DELETED","object":{"a":2}}\n',
        '{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"7"}}}\n',
        '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n',
        '{"type":"ERROR"}\n',
      ),
    ).toEqual([
      APPLIED,
      { type: 'applied', object: { a: 1 } },
      { type: 'deleted', object: { a: 2 } },
      { type: 'bookmark', resourceVersion: '7' },
      { type: 'error', code: 410 },
      { type: 'error', code: null },
    ]);
  });

  it('gives the same items wherever the bytes are cut', async () => {
    const bytes = Buffer.from(`${ADDED}\r\n\n${ADDED}\n`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await itemsOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual([APPLIED, APPLIED]);
    }
    expect(await itemsOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([APPLIED, APPLIED]);
  });

  it('drops a last line that has no end', async () => {
    expect(await itemsOf(`${ADDED}\n`, ADDED)).toEqual([APPLIED]);
  });

  it.each([
    ['no JSON', '{"type":"ADDED",'],
    ['no event', '{"kind":"Pod"}'],
    ['an unknown type', '{"type":"RENAMED","object":{}}'],
    ['an event without an object', '{"type":"ADDED"}'],
    ['a bookmark without a version', '{"type":"BOOKMARK","object":{}}'],
    ['null', 'null'],
  ])('reports %s as malformed and goes on', async (_case, line) => {
    expect(await itemsOf(`${line}\n${ADDED}\n`)).toEqual([{ type: 'malformed' }, APPLIED]);
  });

  it('gives up on a line that never ends', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    await expect(itemsOf(...Array.from({ length: 17 }, () => megabyte))).rejects.toMatchObject({
      kind: 'unreadable',
    });
  });
});
