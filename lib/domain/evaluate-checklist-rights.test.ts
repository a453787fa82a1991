import { describe, expect, test } from 'vitest';
import { evaluateChecklist } from './evaluate-checklist';
import { rightFor } from './gates/sight';
import type { ResourceId } from './objects';
import { DEFAULT_SETTINGS } from './settings';
import {
  buildCluster,
  FORBIDDEN,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  NOW,
} from './testing/build-cluster';
import { GATES_WITHOUT_RIGHT } from './testing/gates-without-right';

function evaluate(cluster: ReturnType<typeof buildCluster>) {
  return evaluateChecklist({
    settings: DEFAULT_SETTINGS,
    cluster,
    probes: healthyProbes(),
    metrics: healthyMetrics(),
    access: healthyAccess(),
    mode: 'live',
    now: NOW,
    previous: null,
  });
}

describe('with one right removed', () => {
  test.each(Object.entries(GATES_WITHOUT_RIGHT) as [ResourceId, readonly string[]][])(
    'to list %s, only the gates that need it turn unknown, and each names that right',
    (id, expected) => {
      const { gates } = evaluate(buildCluster({}, { [id]: FORBIDDEN }));
      const right = rightFor(buildCluster().resources[id].request);
      const unknown = gates.filter(({ status }) => status === 'unknown');
      expect(unknown.map((gate) => gate.id)).toEqual(expected);
      expect(
        unknown.map(({ reason, missingRight, evidence }) => [reason, missingRight, evidence[0]?.httpStatus]),
      ).toEqual(expected.map(() => ['forbidden', right, 403]));
      expect(gates.filter(({ status }) => status !== 'unknown' && status !== 'pass')).toEqual([]);
    },
  );

  test('to see a single pod, what only pods can show is unknown and names the right to the demo’s pods', () => {
    const { gates } = evaluate(buildCluster({}, { pods: FORBIDDEN, 'pods-all': FORBIDDEN }));
    const unknown = gates.filter(({ status }) => status === 'unknown');
    expect(unknown.map(({ id, missingRight }) => [id, missingRight?.namespace])).toEqual([
      ['gpu-taints', 'private-ai'],
      ['gpu-capacity', null],
      ['controllers-newer-than-apis', null],
      ['kueue-queue-mismatch', 'private-ai'],
      ['liveness-budget', 'private-ai'],
      ['distributed-pods', 'private-ai'],
      ['distributed-distinct-nodes', 'private-ai'],
      ['distributed-scheduler', 'private-ai'],
      ['engine-configuration', 'private-ai'],
    ]);
  });
});
