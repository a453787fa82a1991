import { describe, expect, test } from 'vitest';
import type { Checklist, Gate } from '@/lib/domain/checklist';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { healthyAccess, healthyMetrics, healthyProbes } from '@/lib/domain/testing/build-cluster';
import { FAULTS, type FaultName } from '../lab/faults/faults';
import { startLab } from '../lab/lab';
import { labConfig, readerOf, untilTrue } from './dashboard-on-lab';
import { silencesCluster } from './faults-and-gates';

const NAMES = Object.keys(FAULTS) as FaultName[];

function restsOnTheCluster({ evidence }: Gate): boolean {
  return evidence.some(({ source }) => source === 'kubernetes' || source === 'openapi');
}

/** These faults leave discovery and schemas alone: what rests on nothing else is still proved. */
const OBJECTS_ONLY: readonly FaultName[] = ['too-many-requests', 'server-errors'];

function restsOnObjects({ evidence }: Gate): boolean {
  return evidence.some(({ request }) => /^GET \/(?:api\/v1|apis\/[^/]+\/[^/]+)\/./.test(request));
}

/** More than the gates that rest on probes, metrics and credentials alone are left. */
function isWhole({ gates }: Checklist): boolean {
  return gates.filter(restsOnTheCluster).filter(({ status }) => status !== 'unknown').length > 40;
}

describe('faults that silence the cluster', () => {
  test.concurrent.each(NAMES.filter(silencesCluster))(
    'with %s every gate that rests on it turns unknown after 20 s and says what it was',
    async (name) => {
      const lab = await startLab({ timeFactor: 0.001 });
      const { config, remove } = labConfig(lab);
      const reader = readerOf(config);
      let previous: Checklist | null = null;
      /** Probes and metrics go on answering: only the cluster is silent. */
      const judge = (): Checklist => {
        const now = Date.now();
        const next = evaluateChecklist({
          settings: DEFAULT_SETTINGS,
          cluster: reader.snapshot(),
          probes: healthyProbes().map((probe) => ({ ...probe, observedAt: now })),
          metrics: healthyMetrics(),
          access: healthyAccess(),
          mode: 'simulated',
          now,
          previous,
        });
        previous = next;
        return next;
      };
      try {
        // Nothing asks the models and the metrics here: what rests on the cluster is waited for.
        const isKnown = (gate: Gate): boolean => restsOnTheCluster(gate) && gate.status !== 'unknown';
        await untilTrue(() => isWhole(judge()), 45_000);
        const before = judge();
        const resting = before.gates
          .filter(isKnown)
          .filter((gate) => !OBJECTS_ONLY.includes(name) || restsOnObjects(gate));
        expect(isWhole(before)).toBe(true);
        await lab.faults.start(name);
        // A watch that was open before may prove life once more with a bookmark: what counts is that each fell silent.
        const silenced = new Map<string, string | undefined>();
        await untilTrue(() => {
          for (const { id, status, lastKnown } of judge().gates) {
            if (status === 'unknown' && !silenced.has(id)) silenced.set(id, lastKnown?.status);
          }
          return resting.every(({ id }) => silenced.has(id));
        }, 60_000);
        expect(resting.map(({ id }) => [id, silenced.get(id)])).toEqual(
          resting.map(({ id, status }) => [id, status]),
        );
      } finally {
        await reader.stop();
        remove();
        await lab.stop();
      }
    },
    120_000,
  );
});
