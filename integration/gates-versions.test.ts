import { afterEach, expect, test } from 'vitest';
import type { KubernetesObject } from '../lab/kubernetes-api/object';
import { type Lab, startLab } from '../lab/lab';
import { type DashboardOnLab, openDashboard } from './dashboard-on-lab';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

interface Definition extends KubernetesObject {
  spec: { versions: { name: string; served: boolean; storage: boolean }[] };
}

let lab: Lab | null = null;
let dashboard: DashboardOnLab | null = null;

afterEach(async () => {
  await dashboard?.stop();
  await lab?.stop();
});

/** Lets the cluster serve a kind in one version only, as a later release may. */
function serveOnly(running: Lab, definition: string, version: string): void {
  const found = running.world.cluster.get<Definition>(DEFINITIONS, undefined, definition);
  if (found === undefined) throw new Error(`the lab has no ${definition}`);
  running.world.cluster.update<Definition>(DEFINITIONS, found, (draft) => {
    const [known] = draft.spec.versions;
    if (known === undefined) throw new Error(`${definition} has no version`);
    draft.spec.versions = [{ ...known, name: version, served: true, storage: true }];
  });
}

test.each(['v1alpha2', 'v1'])(
  'a cluster that serves LLMInferenceService in %s only is read in that version, and the gates say so',
  { timeout: 60_000 },
  async (version) => {
    const started = await startLab({ scenario: 'newer', timeFactor: 0.01, scrapeIntervalMs: 500 });
    lab = started;
    for (const kind of ['llminferenceservices', 'llminferenceserviceconfigs']) {
      serveOnly(started, `${kind}.serving.kserve.io`, version);
    }
    const opened = openDashboard(started);
    dashboard = opened;
    const read = () =>
      Object.fromEntries(
        opened
          .checklist()
          .gates.filter(({ id }) =>
            [
              'llminferenceservice-api',
              'llminferenceservice-schema',
              'optional-shows',
              'serving-presets',
              'distributed-ready',
              'distributed-pods',
            ].includes(id),
          )
          .map(({ id, status }) => [id, status]),
      );
    const expected = {
      'llminferenceservice-api': 'warn',
      'llminferenceservice-schema': 'pass',
      'optional-shows': 'pass',
      'serving-presets': 'pass',
      'distributed-ready': 'pass',
      'distributed-pods': 'pass',
    };
    await opened.untilChecklist(() => JSON.stringify(read()) === JSON.stringify(expected), 40_000);
    expect(read()).toEqual(expected);
    const findings = opened
      .checklist()
      .gates.filter(({ id }) => id.startsWith('llminferenceservice-'))
      .map(({ finding }) => finding);
    expect(findings[0]).toBe(
      `Only serving.kserve.io/${version} serves llminferenceservices: this is not OpenShift AI 3.0.`,
    );
    expect(findings[1]).toContain(`(serving.kserve.io/${version})`);
  },
);
