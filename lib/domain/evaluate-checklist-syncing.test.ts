import { describe, expect, test } from 'vitest';
import { GATE_IDS } from './gates/gate-row';
import type { ResourceId } from './objects';
import { buildCluster, SYNCING } from './testing/build-cluster';
import { gateOf } from './testing/judge-gate';

/** While a first answer is on its way, a gate keeps what the others tell it, or says that it waits: nothing else. */
describe('while the first answer is on its way', () => {
  const ids = Object.keys(buildCluster().resources) as ResourceId[];

  test.each(ids)('to the question for %s, no gate claims what it cannot know', (id) => {
    const cluster = buildCluster({}, { [id]: SYNCING });
    const claims = GATE_IDS.map((gate) => gateOf(gate, { cluster })).filter(
      ({ status, reason }) => status !== 'pass' && !(status === 'unknown' && reason === 'syncing'),
    );
    expect(claims.map(({ id: gate, status, finding }) => [gate, status, finding])).toEqual([]);
  });
});
