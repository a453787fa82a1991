import { describe, expect, it } from 'vitest';
import type { Checklist, Gate } from '@/lib/domain/checklist';
import { buildGate } from '@/lib/domain/testing/build-gate';
import { toUnreadiness } from './lane-readiness';

function withGates(...gates: Partial<Gate>[]): Checklist {
  return {
    mode: 'simulated',
    verdict: 'go',
    evaluatedAt: '2025-12-29T12:00:00.000Z',
    gates: gates.map((gate) => buildGate(gate)),
    flips: [],
    links: [],
    unauthenticated: [],
  };
}

const ROLLING = {
  id: 'distributed-pods',
  status: 'warn',
  progressing: true,
  finding: '1 of 2 pods.',
} as const;

describe('readiness of a lane', () => {
  it.each<[string, Checklist | null, ReturnType<typeof toUnreadiness>]>([
    ['nothing is known', null, null],
    ['its pods are ready', withGates({ id: 'distributed-pods', status: 'pass' }), null],
    ['it could not be looked at', withGates({ id: 'distributed-pods', status: 'unknown' }), null],
    ['it has more pods than the demo expects', withGates({ id: 'distributed-pods', status: 'warn' }), null],
    ['the other arm loads', withGates({ ...ROLLING, id: 'baseline-ready' }), null],
    ['its replicas roll', withGates(ROLLING), { word: 'loading', finding: '1 of 2 pods.' }],
    [
      'it is down',
      withGates({ id: 'distributed-ready', status: 'fail', finding: 'Ready is False.' }),
      { word: 'not ready', finding: 'Ready is False.' },
    ],
  ])('when %s', (_case, checklist, unreadiness) => {
    expect(toUnreadiness(checklist, 'distributed')).toEqual(unreadiness);
  });
});
