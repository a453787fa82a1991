import { expect, test } from 'vitest';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster, healthyMetrics, healthyProbes, NOW } from '@/lib/domain/testing/build-cluster';
import { resourceDefinitions } from './resources';

/** Names under which the gates look for their objects, where the row itself does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  llminferenceservices: DEFAULT_SETTINGS.distributedName,
  inferenceservices: DEFAULT_SETTINGS.baselineName,
  localqueues: DEFAULT_SETTINGS.kueueLocalQueue,
  clusterqueues: 'rhoai-main-queue',
};

const ODD_PARTS = [
  {},
  { spec: null, status: null },
  { spec: [], status: 'Ready' },
  {
    spec: { containers: {} },
    status: { conditions: [null, 'Ready', { type: 'Ready' }, { type: 7, status: 'True' }], history: [{}] },
  },
  {
    status: {
      conditions: { Ready: 'True' },
      phase: ['Ready'],
      addresses: [null],
      parents: [{}],
      ingress: [7],
    },
  },
];

test.each(ODD_PARTS)(
  'objects that say nothing sensible (%o) crash nothing and turn no gate green',
  (parts) => {
    const items = Object.fromEntries(
      resourceDefinitions(DEFAULT_SETTINGS).map((row) => {
        const selected = /^metadata\.name=(.*)$/.exec(row.fieldSelector ?? '')?.[1];
        const metadata = { name: selected ?? NAMES[row.id] ?? 'odd', namespace: row.namespace };
        return [row.id, [row.parse({ metadata, ...parts })]];
      }),
    );
    const cluster = buildCluster(items as Parameters<typeof buildCluster>[0]);
    const input = {
      settings: DEFAULT_SETTINGS,
      cluster,
      probes: healthyProbes(),
      mode: 'live' as const,
      now: NOW,
      previous: null,
    };
    const green = evaluateChecklist({ ...input, metrics: healthyMetrics() }).gates.filter(
      (gate) => gate.status === 'pass',
    );
    // What remains green stands on discovery, schemas, probes and metrics, which are healthy here.
    expect(green.map((gate) => gate.id)).toEqual([
      'llminferenceservice-api',
      'llminferenceservice-schema',
      'leaderworkerset-api',
      'maas-inferencegateway-absent',
      'baseline-answers',
      'distributed-answers',
      'metrics-baseline',
      'metrics-distributed',
    ]);
    expect(derivePlacement({ ...input, activity: [] }).statement.verdict).toBe('fail');
  },
);
