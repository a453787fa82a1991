import { describe, expect, it } from 'vitest';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { createRaceGate } from './race-gate';

describe('the start line of a race', () => {
  it('releases both lanes in one tick, the first one first', async () => {
    const gate = createRaceGate(createManualClock());
    const order: string[] = [];
    const first = gate.enter('race').then(() => order.push('first'));
    await Promise.resolve();
    expect(order).toEqual([]);
    const second = gate.enter('race').then(() => order.push('second'));
    setImmediate(() => order.push('next tick'));
    await Promise.all([first, second, new Promise((resolve) => setImmediate(resolve))]);
    expect(order).toEqual(['first', 'second', 'next tick']);
  });

  it('tells both lanes the distance between their requests', async () => {
    const gate = createRaceGate(createManualClock());
    const [left, right] = await Promise.all([gate.enter('race'), gate.enter('race')]);
    expect(await Promise.all([left.sent(1000.4), right.sent(1000.1)])).toEqual([
      expect.closeTo(0.3),
      expect.closeTo(0.3),
    ]);
  });

  it('keeps races apart, and a third lane waits for a fourth', async () => {
    const clock = createManualClock();
    const gate = createRaceGate(clock);
    const [a, , b] = await Promise.all([
      gate.enter('race-a'),
      gate.enter('race-a'),
      Promise.race([gate.enter('race-b'), Promise.resolve('waiting')]),
    ]);
    expect(b).toBe('waiting');
    const third = gate.enter('race-a');
    clock.advance(500);
    expect(await (await third).sent(7)).toBeNull();
    expect(clock.pending()).toEqual([]);
    a.leave();
  });

  it('does not keep a lane waiting for one that left', async () => {
    const gate = createRaceGate(createManualClock());
    const [left, right] = await Promise.all([gate.enter('race'), gate.enter('race')]);
    const skew = right.sent(5);
    left.leave();
    expect(await skew).toBeNull();
  });
});
