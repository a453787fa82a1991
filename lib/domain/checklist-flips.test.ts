import { describe, expect, test } from 'vitest';
import type { Checklist, Gate } from './checklist';
import { flipsBetween, rememberFlips } from './checklist-flips';
import { buildGate } from './testing/build-gate';
import type { Verdict } from './vocabulary';

function checklist(evaluatedAt: string, verdict: Verdict, ...gates: Gate[]): Checklist {
  return { mode: 'live', evaluatedAt, verdict, gates, flips: [], links: [], unauthenticated: [] };
}

const nodes = (status: Gate['status'], overrides: Partial<Gate> = {}) =>
  buildGate({ id: 'gpu-nodes', title: 'GPU nodes', status, finding: `Nodes: ${status}.`, ...overrides });
const before = checklist('2025-12-29T14:20:00.000Z', 'go', nodes('pass'), buildGate({ id: 'b' }));
const after = checklist('2025-12-29T14:20:05.000Z', 'no-go', nodes('fail'), buildGate({ id: 'b' }));

const gateFlip = {
  kind: 'gate',
  id: 'gpu-nodes',
  title: 'GPU nodes',
  from: 'pass',
  to: 'fail',
  finding: 'Nodes: fail.',
  at: '2025-12-29T14:20:05.000Z',
};
const verdictFlip = { kind: 'verdict', from: 'go', to: 'no-go', at: '2025-12-29T14:20:05.000Z' };

describe('flipsBetween', () => {
  test('tells the verdict first, then each gate whose status changed, with the time it was first seen', () => {
    expect(flipsBetween(before, after)).toEqual([verdictFlip, gateFlip]);
  });

  test('a finding that changes under the same status is no flip, nor is a gate that was not there', () => {
    const reworded = checklist('2025-12-29T14:20:09.000Z', 'go', nodes('pass', { finding: 'Other words.' }));
    expect(flipsBetween(before, reworded)).toEqual([]);
    expect(flipsBetween(checklist('t', 'go'), before)).toEqual([]);
  });
});

describe('rememberFlips', () => {
  test('keeps the newest first', () => {
    const back = checklist('2025-12-29T14:21:00.000Z', 'go', nodes('pass'));
    const first = rememberFlips([], before, after);
    const second = rememberFlips(first, after, back);
    expect(second.map((flip) => flip.at)).toEqual([
      '2025-12-29T14:21:00.000Z',
      '2025-12-29T14:21:00.000Z',
      '2025-12-29T14:20:05.000Z',
      '2025-12-29T14:20:05.000Z',
    ]);
  });

  test('is the same history when nothing changed, so that nothing need be sent', () => {
    const history = rememberFlips([], before, after);
    expect(rememberFlips(history, after, after)).toBe(history);
    expect(rememberFlips(history, null, after)).toBe(history);
  });

  test('the first answer after a start is no change of the cluster', () => {
    const starting = checklist(
      '2025-12-29T14:19:00.000Z',
      'not-yet',
      nodes('unknown', { reason: 'syncing' }),
      buildGate({ id: 'b', status: 'unknown', reason: 'syncing' }),
    );
    expect(rememberFlips([], starting, after)).toEqual([]);
    const partly = checklist(
      '2025-12-29T14:19:01.000Z',
      'not-yet',
      nodes('pass'),
      buildGate({ id: 'b', status: 'unknown', reason: 'syncing' }),
    );
    expect(rememberFlips([], partly, after)).toEqual([{ ...verdictFlip, from: 'not-yet' }, gateFlip]);
  });

  test('is bounded', () => {
    let history = rememberFlips([], before, after);
    for (let round = 0; round < 200; round += 1) {
      history = rememberFlips(history, round % 2 === 0 ? after : before, round % 2 === 0 ? before : after);
    }
    expect(history).toHaveLength(200);
  });
});
