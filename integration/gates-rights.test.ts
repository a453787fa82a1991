import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checklist } from '@/lib/domain/checklist';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { GATE_IDS } from '@/lib/domain/gates/gate-row';
import type { ResourceId } from '@/lib/domain/objects';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { healthyAccess, healthyMetrics, healthyProbes } from '@/lib/domain/testing/build-cluster';
import { GATES_WITHOUT_RIGHT } from '@/lib/domain/testing/gates-without-right';
import { resourceDefinitions } from '@/lib/server/kubernetes/resources';
import { type Read, readsOf, toGrants } from '../gitops/dashboard/rights';
import { kindOf } from '../lab/kubernetes-api/catalogue';
import type { KubernetesObject } from '../lab/kubernetes-api/object';
import { type Lab, startLab } from '../lab/lab';
import { DASHBOARD } from '../lab/world/platform/access';
import { type LabConfig, labConfig, readerOf, untilTrue } from './dashboard-on-lab';

const DEFINITIONS = resourceDefinitions(DEFAULT_SETTINGS);
const READS = readsOf(DEFINITIONS);
const RBAC = 'rbac.authorization.k8s.io';
const ACCOUNT = { kind: 'ServiceAccount', name: DASHBOARD, namespace: 'private-ai' };

let lab: Lab;
let config: LabConfig;

beforeAll(async () => {
  lab = await startLab({ timeFactor: 0.001 });
  config = labConfig(lab, { KUBE_CONTEXT: 'lab-reader' });
  lab.world.store.remove(kindOf(`clusterrolebindings.${RBAC}`), undefined, DASHBOARD);
});

afterAll(async () => {
  config.remove();
  await lab.stop();
});

/** Roles and bindings that grant these reads and nothing else, a rule for each. */
function grant(reads: readonly Read[]): void {
  for (const { file, namespace, reads: granted } of toGrants(READS)) {
    const prefix = namespace === null ? 'Cluster' : '';
    const name = `test-${file.replaceAll(/[^a-z]+/g, '-')}`;
    const metadata = { name, ...(namespace === null ? {} : { namespace }) };
    const rules = granted
      .filter((read) => reads.includes(read))
      .map(({ group, resource, name: only }) => ({
        apiGroups: [group],
        resources: [resource],
        verbs: ['list', 'watch'],
        ...(only === null ? {} : { resourceNames: [only] }),
      }));
    const role = { metadata, rules };
    const binding = {
      metadata,
      subjects: [ACCOUNT],
      roleRef: { apiGroup: RBAC, kind: `${prefix}Role`, name },
    };
    put(`${prefix}Role`, role);
    put(`${prefix}RoleBinding`, binding);
  }
}

function put(kind: string, object: Pick<KubernetesObject, 'metadata'>): void {
  lab.world.store.put(kindOf(`${kind.toLowerCase()}s.${RBAC}`), {
    apiVersion: `${RBAC}/v1`,
    kind,
    ...object,
  });
}

/** What a dashboard that starts now, with these rights, makes of the cluster; what probes and metrics say is given. */
async function judge(): Promise<Checklist> {
  const reader = readerOf(config.config);
  const checklist = (): Checklist =>
    evaluateChecklist({
      settings: DEFAULT_SETTINGS,
      cluster: reader.snapshot(),
      probes: healthyProbes().map((probe) => ({ ...probe, observedAt: Date.now() })),
      metrics: healthyMetrics(),
      access: healthyAccess(),
      mode: 'simulated',
      now: Date.now(),
      previous: null,
    });
  try {
    await untilTrue(() => DEFINITIONS.every(({ id }) => reader.snapshot().resources[id].state !== 'syncing'));
    await untilTrue(() =>
      [
        reader.snapshot().version,
        reader.snapshot().groupVersions,
        ...Object.values(reader.snapshot().discovery),
        ...Object.values(reader.snapshot().schemas),
      ].every(({ state }) => state !== 'syncing'),
    );
    return checklist();
  } finally {
    await reader.stop();
  }
}

interface Complaint {
  gate: string;
  reason: string | null;
  right: string | null;
}

/** Gates that are unknown here and were not with all rights. */
function complaints(all: Checklist, some: Checklist): Complaint[] {
  return some.gates
    .filter(
      ({ id, status }) =>
        status === 'unknown' && all.gates.find((gate) => gate.id === id)?.status !== 'unknown',
    )
    .map(({ id, reason, missingRight }) => ({
      gate: id,
      reason,
      right:
        missingRight === null
          ? null
          : `${missingRight.verb} ${missingRight.resource}.${missingRight.group} in ${missingRight.namespace}`,
    }));
}

describe('with the rights of the manifests, one of them taken away', () => {
  let all: Checklist;

  beforeAll(async () => {
    grant(READS);
    all = await judge();
  });

  test('with all of them, no gate complains of a missing right', () => {
    expect(
      all.gates.filter(({ missingRight, reason }) => missingRight !== null || reason === 'forbidden'),
    ).toEqual([]);
    expect(all.gates.map(({ id }) => id)).toEqual([...GATE_IDS]);
  });

  test.each(READS.map((read): [ResourceId, Read] => [read.id, read]))(
    'without %s, only the gates that need it turn unknown, and each names that right',
    async (id, read) => {
      grant(READS.filter((other) => other !== read));
      const some = await judge();
      const { group, resource, namespace } = read;
      expect(complaints(all, some)).toEqual(
        GATES_WITHOUT_RIGHT[id].map((gate) => ({
          gate,
          reason: 'forbidden',
          right: `list ${resource}.${group} in ${namespace}`,
        })),
      );
      const turnedGreen = some.gates.filter(
        (gate) =>
          gate.status === 'pass' && all.gates.find((before) => before.id === gate.id)?.status === 'fail',
      );
      expect(turnedGreen).toEqual([]);
    },
  );
});
