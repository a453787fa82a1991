import { expect, test } from 'vitest';
import { BLOCK_TOKENS, extendBlockHashes, KvCache } from './kv-cache.ts';

const tokensOf = (blocks: number, seed = 0): number[] =>
  Array.from({ length: blocks * BLOCK_TOKENS }, (_, index) => seed * 100_000 + index);

function hashesOf(tokens: number[]): number[] {
  const hashes: number[] = [];
  extendBlockHashes(hashes, tokens);
  return hashes;
}

function fill(cache: KvCache, hashes: number[]): number[] {
  const held: number[] = [];
  expect(cache.allocate(held, [], hashes.length)).toBe(true);
  for (const [index, block] of held.entries()) cache.publish(block, hashes[index] ?? 0);
  return held;
}

test('usage counts held blocks in steps of one usable block and returns to zero', () => {
  const cache = new KvCache(11);
  const held: number[] = [];
  cache.allocate(held, [], 3);
  expect(cache.usageRatio()).toBeCloseTo(3 / 10, 12);
  cache.release(held);
  expect(cache.usageRatio()).toBe(0);
});

test('finds released blocks again, up to the first that differs', () => {
  const cache = new KvCache(20);
  const hashes = hashesOf(tokensOf(4));
  cache.release(fill(cache, hashes));
  const other = hashesOf([...tokensOf(2), ...tokensOf(2, 7)]);
  expect(cache.find(hashes)).toHaveLength(4);
  expect(cache.find(other)).toHaveLength(2);
});

test('hashes only full blocks, each covering everything before it', () => {
  const hashes = hashesOf(tokensOf(2).slice(0, -1));
  expect(hashes).toHaveLength(1);
  const [, second] = hashesOf([...tokensOf(1, 1), ...tokensOf(1, 2)]);
  const [, sameTextElsewhere] = hashesOf([...tokensOf(1, 3), ...tokensOf(1, 2)]);
  expect(second).not.toBe(sameTextElsewhere);
});

test('evicts the tail of the least recently used prompt first', () => {
  const cache = new KvCache(7);
  const old = hashesOf(tokensOf(3, 1));
  const recent = hashesOf(tokensOf(2, 2));
  cache.release(fill(cache, old));
  cache.release(fill(cache, recent));
  // One block was never used; the next two victims are the tail of the older prompt.
  cache.allocate([], [], 3);
  expect(cache.find(old)).toHaveLength(1);
  expect(cache.find(recent)).toHaveLength(2);
});

test('refuses what does not fit and changes nothing', () => {
  const cache = new KvCache(5);
  const held: number[] = [];
  expect(cache.allocate(held, [], 5)).toBe(false);
  expect(held).toEqual([]);
  expect(cache.usageRatio()).toBe(0);
});

test('two requests share the blocks of a common prefix', () => {
  const cache = new KvCache(10);
  const hashes = hashesOf(tokensOf(4));
  const first = fill(cache, hashes);
  const second: number[] = [];
  expect(cache.allocate(second, cache.find(hashes), 1)).toBe(true);
  expect(cache.usageRatio()).toBeCloseTo(5 / 9, 12);
  cache.release(first);
  expect(cache.usageRatio()).toBeCloseTo(5 / 9, 12);
});
