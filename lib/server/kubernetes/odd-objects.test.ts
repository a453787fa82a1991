import { expect, test } from 'vitest';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import {
  buildCluster,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  NOW,
} from '@/lib/domain/testing/build-cluster';
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

/** What remains green stands on discovery, schemas, probes, metrics and credentials, which are healthy here. */
const NOT_OF_THESE_OBJECTS = [
  'cert-manager',
  'credential-lifetime',
  'llminferenceservice-api',
  'llminferenceservice-schema',
  'optional-shows',
  'inference-apis',
  'leaderworkerset-api',
  'maas-inferencegateway-absent',
  'knative-autoscaler-absent',
  'baseline-answers',
  'distributed-events',
  'distributed-answers',
  'metrics-source',
  'metrics-baseline',
  'metrics-distributed',
  'scrape-paths',
];

/** Judges a cluster in which every watched object is made by `parts`. */
function judgeOdd(parts: (id: string) => object) {
  const items = Object.fromEntries(
    resourceDefinitions(DEFAULT_SETTINGS).map((row) => {
      const selected = /^metadata\.name=(.*)$/.exec(row.fieldSelector ?? '')?.[1];
      const metadata = { name: selected ?? NAMES[row.id] ?? 'odd', namespace: row.namespace };
      return [row.id, [row.parse({ metadata, ...parts(row.id) })]];
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
  const checklist = evaluateChecklist({ ...input, metrics: healthyMetrics(), access: healthyAccess() });
  return {
    checklist,
    placement: derivePlacement({
      ...input,
      activity: [],
      actions: { deletePod: false, needsToken: false },
    }),
  };
}

const green = ({ checklist }: ReturnType<typeof judgeOdd>) =>
  checklist.gates.filter((gate) => gate.status === 'pass').map((gate) => gate.id);

test.each(ODD_PARTS)(
  'objects that say nothing sensible (%o) crash nothing and turn no gate green',
  (parts) => {
    const judged = judgeOdd(() => parts);
    expect(green(judged)).toEqual(NOT_OF_THESE_OBJECTS);
    expect(judged.placement.statement.verdict).toBe('fail');
  },
);

/** Names the parsers look for, and some they do not. */
const FIELDS = [
  'conditions',
  'containers',
  'initContainers',
  'template',
  'router',
  'scheduler',
  'gateway',
  'refs',
  'listeners',
  'tls',
  'parents',
  'parent',
  'ingress',
  'addresses',
  'history',
  'resources',
  'limits',
  'livenessProbe',
  'tolerations',
  'taints',
  'flavors',
  'rules',
  'timeouts',
  'predictor',
  'model',
  'components',
  'targetRef',
  'type',
  'status',
  'name',
  'value',
  'x',
];

/** Nothing here says that anything is well; the largest is a megabyte. */
const VALUES = [
  null,
  0,
  -1,
  1e308,
  '',
  'Perhaps',
  'x'.repeat(1_000_000),
  '<script>alert(1)</script>',
  '\u0000\u202e\ud800',
  '__proto__',
  '```\n# heading',
  [],
  {},
  [null],
  [[]],
  true,
] as const;

/** A small generator of its own, so that a failing seed can be run again. */
function createDice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

function oddTree(roll: (sides: number) => number, depth: number): unknown {
  if (depth === 0 || roll(4) === 0) return VALUES[roll(VALUES.length)];
  if (roll(3) === 0) return Array.from({ length: roll(4) }, () => oddTree(roll, depth - 1));
  return Object.fromEntries(
    Array.from({ length: 1 + roll(6) }, () => [FIELDS[roll(FIELDS.length)] ?? 'x', oddTree(roll, depth - 1)]),
  );
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'objects made by chance (seed %i) crash nothing, turn no gate green, and keep evidence small',
  (seed) => {
    const roll = createDice(seed);
    const judged = judgeOdd(() => ({
      spec: oddTree(roll, 5),
      status: oddTree(roll, 5),
      data: oddTree(roll, 2),
    }));
    expect(green(judged).filter((id) => !NOT_OF_THESE_OBJECTS.includes(id))).toEqual([]);
    for (const gate of judged.checklist.gates) {
      expect(gate.finding.length).toBeLessThanOrEqual(1_200);
      for (const { excerpt } of gate.evidence) {
        expect(Buffer.byteLength(JSON.stringify(excerpt))).toBeLessThanOrEqual(4_096);
      }
    }
  },
);
