import { describe, expect, test } from 'vitest';
import { newSequence, Scheduler, type Sequence, type Step } from './scheduler.ts';
import { stepMs } from './step-cost.ts';

const prompt = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, index) => seed * 10_000 + index);

function planned(scheduler: Scheduler<Sequence>): Step<Sequence> {
  const step = scheduler.plan();
  if (step === null) throw new Error('nothing planned');
  return step;
}

/** Runs one step; everything that yields generates a token. */
function run(scheduler: Scheduler<Sequence>): Step<Sequence> {
  const step = planned(scheduler);
  for (const sequence of scheduler.complete(step)) sequence.tokens.push(1);
  return step;
}

describe('token budget', () => {
  test('a step computes at most 2048 tokens and cuts the prompt that does not fit', () => {
    const scheduler = new Scheduler(2240);
    for (let index = 0; index < 9; index++) scheduler.enqueue(newSequence(prompt(256, index)));
    const first = run(scheduler);
    expect(first.shares.map(({ tokens }) => tokens)).toEqual(Array(8).fill(256));
    expect(first.load.prefillTokens).toBe(2048);
    const second = run(scheduler);
    expect(second.load).toMatchObject({ decodingRequests: 8, prefillTokens: 256 });
  });

  test('running requests come before waiting ones', () => {
    const scheduler = new Scheduler(2240);
    scheduler.enqueue(newSequence(prompt(100, 1)));
    run(scheduler);
    scheduler.enqueue(newSequence(prompt(3000, 2)));
    const step = run(scheduler);
    expect(step.shares.map(({ tokens }) => tokens)).toEqual([1, 2047]);
  });
});

describe('prefix cache', () => {
  test('a repeated prompt computes only what follows its full blocks, and never less than its last token', () => {
    const scheduler = new Scheduler(2240);
    const first = newSequence(prompt(64, 1));
    scheduler.enqueue(first);
    run(scheduler);
    scheduler.remove(first);
    const again = newSequence(prompt(64, 1));
    scheduler.enqueue(again);
    const step = run(scheduler);
    expect(again.cachedTokens).toBe(48);
    expect(step.load.prefillTokens).toBe(16);
  });
});

describe('memory pressure', () => {
  test('preempts the latest arrival, which goes to the front of the queue and starts over', () => {
    // Five usable blocks: two prompts of two blocks each, and one block for either to grow.
    const scheduler = new Scheduler(6);
    const early = newSequence(prompt(32, 1));
    const late = newSequence(prompt(32, 2));
    scheduler.enqueue(early);
    scheduler.enqueue(late);
    run(scheduler);
    const waiting = newSequence(prompt(32, 3));
    scheduler.enqueue(waiting);
    const step = run(scheduler);
    expect(step.preempted).toEqual([late]);
    expect(step.shares.map(({ sequence }) => sequence)).toEqual([early]);
    expect(scheduler.waiting).toEqual([late, waiting]);
    expect(late.computedTokens).toBe(0);
  });

  test('a request that does not fit waits without being admitted', () => {
    const scheduler = new Scheduler(4);
    scheduler.enqueue(newSequence(prompt(40, 1)));
    scheduler.enqueue(newSequence(prompt(40, 2)));
    run(scheduler);
    expect([scheduler.running.length, scheduler.waiting.length]).toEqual([1, 1]);
  });
});

test('removing a request in the middle of a step frees it and yields no token for it', () => {
  const scheduler = new Scheduler(2240);
  const sequence = newSequence(prompt(64, 1));
  scheduler.enqueue(sequence);
  const step = planned(scheduler);
  scheduler.remove(sequence);
  expect(scheduler.complete(step)).toEqual([]);
  expect(scheduler.kvCacheUsageRatio()).toBe(0);
});

describe('step cost', () => {
  test('decoding is bound by memory: 51 ms, 1.1 ms a request, and the context that is read', () => {
    const load = { decodingRequests: 8, prefillTokens: 0, contextTokens: 4000 };
    expect(stepMs(load, 'fp8')).toBeCloseTo(51 + 8.8 + 1.08, 9);
    expect(stepMs(load, 'auto')).toBeCloseTo(51 + 8.8 + 2.16, 9);
  });

  test('a prefill chunk makes the step as long as its tokens take', () => {
    expect(stepMs({ decodingRequests: 2, prefillTokens: 2046, contextTokens: 3000 }, 'fp8')).toBe(2054);
  });
});
