import { BLOCK_TOKENS, extendBlockHashes, KvCache } from './kv-cache.ts';
import type { StepLoad } from './step-cost.ts';

/** `max_num_batched_tokens` of the API server on an L4-class GPU (metrics §13.1). */
const TOKEN_BUDGET = 2048;
const MAX_RUNNING_SEQUENCES = 256;

/** A request as the scheduler sees it. */
export interface Sequence {
  readonly promptLength: number;
  /** Prompt, then what has been generated. */
  readonly tokens: number[];
  /** Tokens whose KV entries exist. */
  computedTokens: number;
  /** Prompt tokens the prefix cache gave at the latest admission. */
  cachedTokens: number;
  /** Prompt tokens whose KV entries were fetched from another engine; the cache may have some of them as well. */
  fetchedTokens: number;
  readonly blocks: number[];
  readonly blockHashes: number[];
}

export function newSequence(promptTokens: readonly number[]): Sequence {
  return {
    promptLength: promptTokens.length,
    tokens: [...promptTokens],
    computedTokens: 0,
    cachedTokens: 0,
    fetchedTokens: 0,
    blocks: [],
    blockHashes: [],
  };
}

interface Share<S> {
  sequence: S;
  /** Tokens computed for this sequence in the step. */
  tokens: number;
}

export interface Step<S> {
  shares: Share<S>[];
  load: StepLoad;
  /** Sequences that entered from the queue, in order. */
  admitted: S[];
  preempted: S[];
}

/** Continuous batching with chunked prefill as in vLLM's V1 scheduler (metrics §13.1). No clock, no randomness. */
export class Scheduler<S extends Sequence> {
  readonly running: S[] = [];
  readonly waiting: S[] = [];
  private readonly cache: KvCache;

  constructor(numGpuBlocks: number) {
    this.cache = new KvCache(numGpuBlocks);
  }

  kvCacheUsageRatio(): number {
    return this.cache.usageRatio();
  }

  hasWork(): boolean {
    return this.running.length > 0 || this.waiting.length > 0;
  }

  enqueue(sequence: S): void {
    this.waiting.push(sequence);
  }

  /** Prompt tokens that the prefix cache has now. */
  findableTokens(sequence: S): number {
    return this.findCached(sequence).length * BLOCK_TOKENS;
  }

  /** Takes a sequence out, wherever it is; its full blocks stay findable. */
  remove(sequence: S): void {
    for (const list of [this.running, this.waiting]) {
      const index = list.indexOf(sequence);
      if (index >= 0) list.splice(index, 1);
    }
    this.cache.release(sequence.blocks);
  }

  /** Decides the next step; null when nothing can run. */
  plan(): Step<S> | null {
    const step: Step<S> = {
      shares: [],
      load: { decodingRequests: 0, prefillTokens: 0, contextTokens: 0 },
      admitted: [],
      preempted: [],
    };
    let budget = this.planRunning(step);
    if (step.preempted.length === 0) budget = this.admitWaiting(step, budget);
    return step.shares.length === 0 ? null : step;
  }

  /** Books the computed tokens; returns the sequences that yield one token now. */
  complete(step: Step<S>): S[] {
    const yielding: S[] = [];
    for (const { sequence, tokens } of step.shares) {
      if (!this.running.includes(sequence)) continue;
      sequence.computedTokens += tokens;
      if (sequence.computedTokens >= sequence.tokens.length) yielding.push(sequence);
    }
    return yielding;
  }

  private planRunning(step: Step<S>): number {
    let budget = TOKEN_BUDGET;
    for (let index = 0; index < this.running.length && budget > 0; index++) {
      const sequence = this.running[index];
      if (sequence === undefined) break;
      const tokens = Math.min(sequence.tokens.length - sequence.computedTokens, budget);
      if (!this.growOrPreempt(sequence, tokens, step)) break;
      this.share(step, sequence, tokens);
      budget -= tokens;
    }
    return budget;
  }

  /** Finds blocks for `tokens` more, pushing the latest arrivals back to the queue; false if it had to go itself. */
  private growOrPreempt(sequence: S, tokens: number, step: Step<S>): boolean {
    while (!this.reserve(sequence, [], tokens)) {
      const victim = this.running.pop();
      if (victim === undefined) return false;
      this.cache.release(victim.blocks);
      victim.computedTokens = 0;
      // What was fetched is gone with its blocks; nobody fetches it again.
      victim.fetchedTokens = 0;
      this.waiting.unshift(victim);
      step.preempted.push(victim);
      if (victim === sequence) return false;
    }
    return true;
  }

  private admitWaiting(step: Step<S>, budgetLeft: number): number {
    let budget = budgetLeft;
    while (budget > 0 && this.running.length < MAX_RUNNING_SEQUENCES) {
      const sequence = this.waiting[0];
      if (sequence === undefined) break;
      const cached = this.findCached(sequence);
      const cachedTokens = cached.length * BLOCK_TOKENS;
      const known = Math.max(cachedTokens, sequence.fetchedTokens);
      const tokens = Math.min(sequence.tokens.length - known, budget);
      sequence.computedTokens = known;
      if (!this.reserve(sequence, cached, tokens)) {
        sequence.computedTokens = 0;
        break;
      }
      sequence.cachedTokens = cachedTokens;
      this.waiting.shift();
      this.running.push(sequence);
      step.admitted.push(sequence);
      this.share(step, sequence, tokens, cachedTokens);
      budget -= tokens;
    }
    return budget;
  }

  private findCached(sequence: S): number[] {
    extendBlockHashes(sequence.blockHashes, sequence.tokens);
    const findable = Math.floor((sequence.tokens.length - 1) / BLOCK_TOKENS);
    return this.cache.find(sequence.blockHashes.slice(0, findable));
  }

  private reserve(sequence: S, cached: readonly number[], tokens: number): boolean {
    const blocks = Math.ceil((sequence.computedTokens + tokens) / BLOCK_TOKENS);
    return this.cache.allocate(
      sequence.blocks,
      cached,
      Math.max(0, blocks - sequence.blocks.length - cached.length),
    );
  }

  /** `publishedTokens`: those before are in the cache already. */
  private share(step: Step<S>, sequence: S, tokens: number, publishedTokens = sequence.computedTokens): void {
    step.shares.push({ sequence, tokens });
    const reached = sequence.computedTokens + tokens;
    const isDecoding = sequence.tokens.length > sequence.promptLength && tokens === 1;
    if (isDecoding) step.load.decodingRequests++;
    else step.load.prefillTokens += tokens;
    step.load.contextTokens += reached;
    extendBlockHashes(sequence.blockHashes, sequence.tokens);
    const published = Math.floor(publishedTokens / BLOCK_TOKENS);
    for (let index = published; index < Math.floor(reached / BLOCK_TOKENS); index++) {
      const block = sequence.blocks[index];
      const hash = sequence.blockHashes[index];
      if (block !== undefined && hash !== undefined) this.cache.publish(block, hash);
    }
  }
}
