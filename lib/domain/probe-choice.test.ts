import { expect, test } from 'vitest';
import type { ProbeResult } from './probe';
import { newestPerPath } from './probe-choice';
import { buildProbe, NOW } from './testing/build-cluster';

function probe(kind: ProbeResult['kind'], outcome: ProbeResult['outcome'], secondsAgo: number): ProbeResult {
  return buildProbe({
    arm: 'distributed',
    path: 'gateway',
    kind,
    outcome,
    httpStatus: outcome === 'answered' ? 200 : 503,
    observedAt: NOW - secondsAgo * 1000,
  });
}

test.each<[string, ProbeResult[], ProbeResult['kind'], ProbeResult['outcome']]>([
  [
    'a list of models is no answer to a refused completion',
    [probe('completion', 'refused', 20), probe('models', 'answered', 1)],
    'completion',
    'refused',
  ],
  [
    'a completion outlives the lists of models after it',
    [probe('completion', 'answered', 60), probe('models', 'answered', 1)],
    'models',
    'answered',
  ],
  [
    'a refusal of any kind outweighs an earlier success',
    [probe('completion', 'answered', 60), probe('models', 'refused', 1)],
    'models',
    'refused',
  ],
  [
    'a completion after a refused list is the last word',
    [probe('models', 'refused', 5), probe('completion', 'answered', 1)],
    'completion',
    'answered',
  ],
])('%s', (_name, probes, kind, outcome) => {
  expect(newestPerPath(probes, 'distributed').map((one) => [one.kind, one.outcome])).toEqual([
    [kind, outcome],
  ]);
});
