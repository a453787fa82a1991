import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab';
import { type DashboardOnLab, openDashboard } from './dashboard-on-lab';

let lab: Lab;
let folder: string;
let dashboard: DashboardOnLab | null = null;

beforeAll(async () => {
  lab = await startLab({ timeFactor: 0.001, scrapeIntervalMs: 1_000 });
  folder = mkdtempSync(join(tmpdir(), 'metrics-tenancy-'));
});

afterAll(async () => {
  await dashboard?.stop();
  await lab.stop();
  rmSync(folder, { recursive: true });
});

test('under the tenancy rules of Thanos both arms are seen, with the rights of a deployed dashboard', async () => {
  const token = join(folder, 'token');
  writeFileSync(token, lab.tokens.reader);
  dashboard = openDashboard(lab, {
    PROMETHEUS_URL: lab.urls.prometheusTenancy,
    PROMETHEUS_NAMESPACE: 'private-ai',
    PROMETHEUS_TOKEN_FILE: token,
  });
  const ids = ['metrics-source', 'metrics-baseline', 'metrics-distributed', 'scrape-paths'];
  const checklist = await dashboard.untilChecklist(({ gates }) =>
    gates.every(({ id, status }) => !ids.includes(id) || status === 'pass'),
  );
  const seen = checklist.gates.filter(({ id }) => ids.includes(id)).map(({ id, status }) => [id, status]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(ids.map((id) => [id, 'pass'])));
});

test('without the namespace the refusal is told, and nothing is green', async () => {
  await dashboard?.stop();
  const token = join(folder, 'token');
  writeFileSync(token, lab.tokens.reader);
  dashboard = openDashboard(lab, {
    PROMETHEUS_URL: lab.urls.prometheusTenancy,
    PROMETHEUS_TOKEN_FILE: token,
  });
  const checklist = await dashboard.untilChecklist(({ gates }) =>
    gates.some(
      ({ id, status, reason }) => id === 'metrics-source' && status === 'unknown' && reason !== 'syncing',
    ),
  );
  const source = checklist.gates.find(({ id }) => id === 'metrics-source');
  expect([source?.status, source?.evidence[0]?.httpStatus]).toEqual(['unknown', 400]);
});
