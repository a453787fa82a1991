import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab';
import { type DashboardOnLab, isComplete, openDashboard } from './dashboard-on-lab';

/** Everything of the server's state that a viewer can ask for. */
function toldBy({ runtime }: DashboardOnLab): string {
  const state = JSON.stringify(runtime.hub.current());
  return [state, runtime.report('json'), runtime.report('markdown')].join('\n');
}

function clusterOf({ runtime }: DashboardOnLab): { state: string; detail: string } {
  const source = runtime.hub.current().status.sources.find(({ id }) => id === 'cluster');
  return { state: source?.state ?? 'none', detail: source?.detail ?? '' };
}

/** Where the kubeconfig lies, the API's address, and the tokens (platform-pitfalls A10). */
function secretsOf(lab: Lab): string[] {
  const { host } = new URL(lab.urls.kubernetes);
  return [
    tmpdir(),
    host,
    lab.tokens.reader,
    ...[...lab.kubeconfig.matchAll(/"token":\s*"([^"]+)"/g)].flatMap((match) => match[1] ?? []),
  ];
}

async function aLab(): Promise<Lab> {
  const lab = await startLab({ users: { baseline: 0, distributed: 0 } });
  onTestFinished(() => lab.stop());
  return lab;
}

function aDashboard(lab: Lab, environment: Record<string, string> = {}): DashboardOnLab {
  const dashboard = openDashboard(lab, environment);
  onTestFinished(() => dashboard.stop());
  return dashboard;
}

test('no viewer is told where the kubeconfig lies, nor the address of the API, while it answers and when it has gone', async () => {
  const lab = await aLab();
  const dashboard = aDashboard(lab);
  await dashboard.untilChecklist(isComplete);
  expect(clusterOf(dashboard)).toEqual({ state: 'live', detail: 'v1.33.5+lab (KUBECONFIG, context lab)' });
  for (const secret of secretsOf(lab)) expect(toldBy(dashboard)).not.toContain(secret);
  const forbidden = secretsOf(lab);
  await lab.stop();
  await dashboard.untilChecklist(() => clusterOf(dashboard).state !== 'live', 30_000);
  expect(clusterOf(dashboard).detail).toContain('The API server refuses the connection.');
  for (const secret of forbidden) expect(toldBy(dashboard)).not.toContain(secret);
}, 90_000);

test('a kubeconfig that cannot be read is not named to viewers either', async () => {
  const lab = await aLab();
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config'), 'users: [canary');
  const dashboard = aDashboard(lab, { KUBECONFIG: join(folder, 'config') });
  await dashboard.untilChecklist(() => clusterOf(dashboard).state === 'not-configured');
  expect(clusterOf(dashboard).detail).toBe('The kubeconfig cannot be read.');
  for (const secret of [folder, 'canary']) expect(toldBy(dashboard)).not.toContain(secret);
}, 60_000);
