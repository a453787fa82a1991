import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { readFixtures } from '../world/fixtures.ts';
import { built } from '../world/platform/built.ts';
import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { withChange, withObjects } from './scene.ts';
import { SERVICE } from './service-children.ts';

/** Not managed by Kueue, unlike the demo's namespace. */
export const MULTI_NODE_NAMESPACE = 'llm-d-multinode';
export const MULTI_NODE_SERVICE = 'mistral-3-multinode';

interface Scalable extends KubernetesObject {
  spec: { replicas?: number };
}

function scaleAway(draft: Scalable): void {
  draft.spec.replicas = 0;
  draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
}

/** The service without what became of it, and the node. */
function multiNodeObjects(): KubernetesObject[] {
  return readFixtures('data-parallel').map((object) => {
    if (object.kind !== 'LLMInferenceService') return object;
    const { status: _, ...created } = object;
    const metadata = { ...object.metadata, creationTimestamp: '2025-12-29T14:20:00Z', finalizers: [] };
    return { ...created, metadata };
  });
}

export const dataParallel: Scenario = {
  description:
    'A second namespace with a fourth GPU node: two groups of a leader and a worker, data parallel (LeaderWorkerSet); the demo’s own arms are scaled away. The dashboard sees it with DEMO_NAMESPACE=llm-d-multinode and DISTRIBUTED_NAME=mistral-3-multinode.',
  change: (healthy) => {
    const scaled = withChange<Scalable>(
      withChange<Scalable>(healthy, 'LLMInferenceService', SERVICE, scaleAway),
      'Deployment',
      'mistral-3-int4-predictor',
      scaleAway,
    );
    const namespace = built(
      'v1',
      'Namespace',
      {
        name: MULTI_NODE_NAMESPACE,
        creationTimestamp: '2025-12-29T14:10:00Z',
        labels: { 'kubernetes.io/metadata.name': MULTI_NODE_NAMESPACE },
      },
      { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    );
    return withObjects(scaled, [namespace, ...multiNodeObjects()]);
  },
  settledMs: 20 * 60_000,
  expectations: [
    ...expectAll('fail', null, [
      ['gpu-capacity', 'kubernetes-objects §7.2 B17 (all four in use by the groups)'],
      ['baseline-ready', 'kubernetes-objects §4 (scaled away: no pod)'],
      ['distributed-ready', 'kubernetes-objects §7.3 D1 (no pod is asked for, and nothing answers)'],
      ['distributed-pods', 'kubernetes-objects §7.3 D3 (none ready: the demo’s own service wants no pod)'],
    ]),
    ...expectAll('unknown', 'blocked', [
      ['baseline-answers', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-answers', 'kubernetes-objects §7.3 (D* last)'],
      ['metrics-baseline', 'kubernetes-objects §7.3 (D* last)'],
      ['metrics-distributed', 'kubernetes-objects §7.3 (D* last)'],
    ]),
    ...expectAll('unknown', 'unreachable', [
      ['endpoint-authentication', 'kubernetes-objects §7.3 D5 (nothing answers)'],
    ]),
    ...expectAll('not-applicable', null, [
      ['liveness-budget', 'kubernetes-objects §3.7 (no engine pod)'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 D3 (no pod is asked for)'],
      ['engine-configuration', 'kubernetes-objects §3.7 (no engine pod)'],
      ['scrape-paths', 'demo-environment §11.2 (nothing is scraped)'],
    ]),
  ],
};
