import { describe, expect, it } from 'vitest';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { createDoor, type Met } from './door';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

class Meeting extends Error {
  readonly met: Met;
  constructor(met: Met, message: string) {
    super(message);
    this.met = met;
  }
}

/** A door with a server behind it that answers, or does not, as the test says; what came of each request, by its name. */
function aDoor() {
  const clock = createManualClock();
  const door = createDoor(clock, (error) => (error instanceof Meeting ? error.met : 'unknown'));
  const server: { answer: () => Promise<string> } = { answer: () => nobody(0) };
  const knocks: string[] = [];
  const ends: string[] = [];
  const nobody = (count: number) => Promise.reject(new Meeting('nobody', `refused ${count}`));
  server.answer = () => nobody(knocks.length);
  const go = (name: string, signal = never): Promise<void> =>
    door
      .through(() => {
        knocks.push(`${name} at ${clock.monotonic()}`);
        return server.answer();
      }, signal)
      .then(
        (answer) => ends.push(`${name}: ${answer}`),
        (error: Error) => ends.push(`${name}: ${error.message}`),
      )
      .then(() => undefined);
  return { clock, server, knocks, ends, go };
}

describe('a door', () => {
  it('lets everybody through at once while somebody answers', async () => {
    const { knocks, server, go } = aDoor();
    server.answer = async () => 'hello';
    await Promise.all([go('a'), go('b'), go('c')]);
    expect(knocks).toEqual(['a at 0', 'b at 0', 'c at 0']);
  });

  it('has one knock for all while nobody answers; all share what it meets', async () => {
    const { clock, knocks, ends, go } = aDoor();
    await go('a');
    const rest = [go('b'), go('c'), go('d')];
    await turn();
    clock.advance(500);
    await Promise.all(rest);
    const later = go('e');
    await turn();
    clock.advance(500);
    await later;
    expect(knocks).toEqual(['a at 0', 'b at 500', 'e at 1000']);
    expect(ends).toEqual(['a: refused 1', 'b: refused 2', 'c: refused 2', 'd: refused 2', 'e: refused 3']);
  });

  it('opens for all who wait as soon as somebody answers', async () => {
    const { clock, server, knocks, ends, go } = aDoor();
    await go('a');
    const rest = [go('b'), go('c')];
    await turn();
    server.answer = async () => 'hello';
    clock.advance(500);
    await Promise.all(rest);
    expect(knocks).toEqual(['a at 0', 'b at 500', 'c at 500']);
    expect(ends).toEqual(['a: refused 1', 'b: hello', 'c: hello']);
  });

  it('is knocked at by another when the one who was to knock leaves', async () => {
    const { clock, knocks, ends, server, go } = aDoor();
    await go('a');
    const leaving = new AbortController();
    const b = go('b', leaving.signal);
    const c = go('c');
    await turn();
    server.answer = () => Promise.reject(new Meeting('unknown', 'left'));
    leaving.abort();
    await b;
    await turn();
    server.answer = async () => 'hello';
    clock.advance(500);
    await c;
    expect(ends).toEqual(['a: refused 1', 'b: left', 'c: hello']);
    expect(knocks.at(-1)).toBe('c at 500');
  });

  it('lets nobody wait for an answer that does not come', async () => {
    const { clock, server, knocks, go } = aDoor();
    await go('a');
    void go('b');
    const c = go('c');
    await turn();
    server.answer = () => new Promise(() => undefined);
    clock.advance(500);
    await turn();
    server.answer = async () => 'hello';
    clock.advance(1_000);
    await c;
    expect(knocks).toEqual(['a at 0', 'b at 500', 'c at 1500']);
    expect(clock.pending()).toEqual([]);
  });

  it('is open when a certificate was refused: somebody is there', async () => {
    const { clock, server, knocks, go } = aDoor();
    await go('a');
    server.answer = () => Promise.reject(new Meeting('somebody', 'not trusted'));
    const b = go('b');
    await turn();
    clock.advance(500);
    await b;
    await go('c');
    expect(knocks.at(-1)).toBe('c at 500');
  });
});
