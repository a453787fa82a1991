/** Tokens per KV block, `block_size` of vLLM. */
export const BLOCK_TOKENS = 16;

/**
 * The paged KV cache with prefix caching: blocks in use, and freed blocks that keep their content until they are
 * needed (least recently used first, tail blocks of a request before its head: metrics §13.1).
 */
export class KvCache {
  /** Blocks that requests can use: block 0 is vLLM's null block. */
  readonly usableBlocks: number;
  private readonly references: Int32Array;
  private readonly hashes: Float64Array;
  private readonly blockByHash = new Map<number, number>();
  /** Free blocks as a ring through entry 0; the next victim is `next[0]`. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private freeCount: number;

  constructor(numGpuBlocks: number) {
    this.usableBlocks = numGpuBlocks - 1;
    this.references = new Int32Array(numGpuBlocks);
    this.hashes = new Float64Array(numGpuBlocks);
    this.next = Int32Array.from({ length: numGpuBlocks }, (_, block) => (block + 1) % numGpuBlocks);
    this.previous = Int32Array.from(
      { length: numGpuBlocks },
      (_, block) => (block + numGpuBlocks - 1) % numGpuBlocks,
    );
    this.freeCount = this.usableBlocks;
  }

  /** Share of usable blocks held by requests; cached blocks nobody holds count as free (metrics fact 12). */
  usageRatio(): number {
    return 1 - this.freeCount / this.usableBlocks;
  }

  /** Blocks that hold the longest known run of the given hashes. */
  find(hashes: readonly number[]): number[] {
    const blocks: number[] = [];
    for (const hash of hashes) {
      const block = this.blockByHash.get(hash);
      if (block === undefined) break;
      blocks.push(block);
    }
    return blocks;
  }

  /** Adds `cached` and then `fresh` new blocks to `held`; changes nothing and returns false if memory does not last. */
  allocate(held: number[], cached: readonly number[], fresh: number): boolean {
    const cachedButFree = cached.filter((block) => this.references[block] === 0).length;
    if (fresh + cachedButFree > this.freeCount) return false;
    for (const block of cached) this.hold(block);
    held.push(...cached);
    for (let count = 0; count < fresh; count++) {
      const block = this.next[0] ?? 0;
      this.forget(block);
      this.hold(block);
      held.push(block);
    }
    return true;
  }

  /** Makes a completely filled block findable. */
  publish(block: number, hash: number): void {
    if (this.hashes[block] === hash || this.blockByHash.has(hash)) return;
    this.forget(block);
    this.hashes[block] = hash;
    this.blockByHash.set(hash, block);
  }

  /** Gives blocks back, last one first, so that the tail of a prompt is evicted before its head. */
  release(held: number[]): void {
    for (const block of held.reverse()) {
      const references = (this.references[block] ?? 0) - 1;
      this.references[block] = references;
      if (references === 0) this.appendFree(block);
    }
    held.length = 0;
  }

  private hold(block: number): void {
    if (this.references[block] === 0) this.removeFree(block);
    this.references[block] = (this.references[block] ?? 0) + 1;
  }

  private forget(block: number): void {
    const hash = this.hashes[block] ?? 0;
    if (hash === 0) return;
    this.blockByHash.delete(hash);
    this.hashes[block] = 0;
  }

  private appendFree(block: number): void {
    const last = this.previous[0] ?? 0;
    this.next[last] = block;
    this.previous[block] = last;
    this.next[block] = 0;
    this.previous[0] = block;
    this.freeCount++;
  }

  private removeFree(block: number): void {
    const before = this.previous[block] ?? 0;
    const after = this.next[block] ?? 0;
    this.next[before] = after;
    this.previous[after] = before;
    this.freeCount--;
  }
}

/** Extends the chained hashes (each covers all tokens before it) by the blocks that have become full. */
export function extendBlockHashes(hashes: number[], tokens: readonly number[]): void {
  for (
    let start = hashes.length * BLOCK_TOKENS;
    start + BLOCK_TOKENS <= tokens.length;
    start += BLOCK_TOKENS
  ) {
    const parent = hashes.at(-1) ?? 0x9e3779b9;
    let low = parent >>> 0;
    let high = Math.floor(parent / 4_294_967_296) ^ 0x85ebca6b;
    for (let index = start; index < start + BLOCK_TOKENS; index++) {
      const token = tokens[index] ?? 0;
      low = Math.imul(low ^ token, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ (token + 0x7f4a7c15), 0x5bd1e995);
      high ^= high >>> 13;
    }
    hashes.push((high >>> 11) * 4_294_967_296 + (low >>> 0) + 1);
  }
}
