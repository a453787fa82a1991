import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startControl } from './control/control-api.ts';
import { sendCommand } from './control/control-client.ts';
import type { KubernetesObject } from './kubernetes-api/object.ts';
import { type Lab, startLab } from './lab.ts';
import { clearFolder, environmentOf, readControl, writeFolder } from './lab-folder.ts';
import { isReady, type Pod } from './world/workload-types.ts';

const LOST = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ timeFactor: 0.001 });
});
afterEach(() => lab.stop());

/** Reads from the Kubernetes API as a client with the lab's CA and a token would. */
function kubernetes(
  path: string,
  token = lab.tokens.admin,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = new URL(path, lab.urls.kubernetes);
  return new Promise((resolve, reject) => {
    const call = httpsRequest(url, {
      ca: lab.authorityPem,
      agent: false,
      headers: { Authorization: `Bearer ${token}` },
    });
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
      );
    });
    call.end();
  });
}

function query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
  const url = new URL('/api/v1/query', lab.urls.prometheus);
  url.searchParams.set('query', expression);
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent: false })
      .on('error', reject)
      .on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).data.result));
      })
      .end();
  });
}

/** Waits for a state of the world by its own changes, not by the clock. */
function until(isReached: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isReached()) {
      resolve();
      return;
    }
    const stop = lab.world.store.subscribe(() => {
      if (!isReached()) return;
      stop();
      resolve();
    });
  });
}

test('it introduces itself on every protocol', async () => {
  expect((await kubernetes('/version')).body.gitVersion).toBe('v1.33.5+lab');
  const buildinfo = await new Promise<string>((resolve) => {
    httpRequest(`${lab.urls.prometheus}/api/v1/status/buildinfo`, { agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString()).data.version));
    }).end();
  });
  expect(buildinfo).toMatch(/\+lab$/);
  const header = await new Promise<string | string[] | undefined>((resolve) => {
    httpsRequest(
      {
        host: '127.0.0.1',
        port: new URL(lab.urls.ingressHttps).port,
        servername: 'mistral-3-int4-private-ai.apps.rhoai-demo.example.com',
        ca: lab.authorityPem,
        agent: false,
        path: '/v1/models',
        headers: { Host: 'mistral-3-int4-private-ai.apps.rhoai-demo.example.com' },
      },
      (response) => {
        response.resume();
        resolve(response.headers['x-lab']);
      },
    ).end();
  });
  expect(header).toBe('1');
});

test('the reader may look and nothing else, and never at Secrets', async () => {
  expect((await kubernetes('/api/v1/nodes', lab.tokens.reader)).status).toBe(200);
  expect((await kubernetes('/api/v1/namespaces/private-ai/secrets', lab.tokens.reader)).status).toBe(403);
});

test('the Kubernetes API can be taken away and comes back on its port, its history intact', async () => {
  const before = await kubernetes('/api/v1/namespaces/private-ai/pods');
  await lab.stopKubernetesApi();
  await expect(kubernetes('/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await lab.startKubernetesApi();
  const after = await kubernetes('/api/v1/namespaces/private-ai/pods');
  expect(after.body.items).toEqual(before.body.items);
});

test('under tenancy rules only those who may read the namespace see its series, and no others', async () => {
  await lab.prometheus?.scrapeOnce();
  const ask = async (
    parameters: Record<string, string>,
    token = lab.tokens.reader,
  ): Promise<[number, string]> => {
    const path = `${lab.urls.prometheusTenancy}/api/v1/query?${new URLSearchParams(parameters)}`;
    const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    return [response.status, await response.text()];
  };
  const query = 'count by (job) (up)';
  expect((await ask({ query, namespace: 'private-ai' }, 'guess'))[0]).toBe(401);
  expect((await ask({ query }))[0]).toBe(400);
  const [status, text] = await ask({ query, namespace: 'private-ai' });
  const jobs = JSON.parse(text).data.result.map(({ metric }: { metric: { job: string } }) => metric.job);
  expect([status, jobs.toSorted()]).toEqual([
    200,
    ['mistral-3-distributed-epp-service', 'mistral-3-int4-metrics', 'private-ai/kserve-llm-isvc-vllm-engine'],
  ]);
  await lab.faults.start('rights-revoked');
  expect((await ask({ query, namespace: 'private-ai' }))[0]).toBe(403);
});

test('a killed pod is replaced by one that answers, and the metrics know both arms', async () => {
  const readyEngines = (): Pod[] =>
    lab.world.cluster
      .list<Pod>('pods', 'private-ai')
      .filter((pod) => pod.metadata.labels?.['kserve.io/component'] === 'workload' && isReady(pod));
  expect(lab.killPod('nobody')).toBe(false);
  expect(lab.killPod(LOST)).toBe(true);
  await until(
    () => readyEngines().length === 2 && readyEngines().every(({ metadata }) => metadata.name !== LOST),
  );
  await lab.prometheus?.scrapeOnce();
  const up = await query('count by (job) (up == 1)');
  expect(Object.fromEntries(up.map(({ metric, value }) => [metric.job, value[1]]))).toEqual({
    'mistral-3-distributed-epp-service': '1',
    'kube-state-metrics': '1',
    'mistral-3-int4-metrics': '1',
    'nvidia-dcgm-exporter': '3',
    'private-ai/kserve-llm-isvc-vllm-engine': '2',
  });
});

test('the folder holds what others need, for its owner only, and is emptied by its own lab only', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'lab-')), '.lab');
  const control = await startControl({ lab, onStop: () => {} });
  try {
    writeFolder(lab, folder, control.address);
    expect(readdirSync(folder).sort()).toEqual([
      'ca.crt',
      'control.json',
      'env',
      'kubeconfig',
      'reader-token',
    ]);
    expect(readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o077)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(readFileSync(join(folder, 'reader-token'), 'utf8')).toBe(lab.tokens.reader);
    const environment = environmentOf(lab, folder);
    const lines = readFileSync(join(folder, 'env'), 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual(
      Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`),
    );
    expect(lines.filter((line) => line.startsWith('# export'))).toEqual([
      `# export PROMETHEUS_URL='${lab.urls.prometheusTenancy}'`,
      `# export PROMETHEUS_NAMESPACE='private-ai'`,
      `# export PROMETHEUS_TOKEN_FILE='${join(folder, 'reader-token')}'`,
    ]);
    expect(Object.keys(environment)).toEqual([
      'KUBECONFIG',
      'PROMETHEUS_URL',
      'INGRESS_CONNECT_TO',
      'MODEL_CA_FILE',
    ]);
    clearFolder(folder, { url: '', token: 'of another lab' });
    expect(readdirSync(folder)).toHaveLength(5);
    clearFolder(folder, control.address);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    await control.stop();
    rmSync(join(folder, '..'), { recursive: true });
  }
});

test('commands act on the running lab, for those who hold its token', async () => {
  let stops = 0;
  const control = await startControl({
    lab,
    onStop: () => {
      stops += 1;
    },
  });
  try {
    expect(readControl('/nowhere')).toBeNull();
    await expect(sendCommand({ ...control.address, token: 'guess' }, 'status')).rejects.toThrow(
      'wrong token',
    );
    await expect(sendCommand(control.address, 'kill-pod', { name: 'nobody' })).rejects.toThrow(
      'no pod nobody',
    );
    await expect(sendCommand(control.address, 'dance')).rejects.toThrow('no command dance');
    expect(await sendCommand(control.address, 'kill-pod', { name: LOST })).toEqual({ killed: LOST });
    expect(await sendCommand(control.address, 'users', { arm: 'baseline', count: 2 })).toEqual({
      baseline: 2,
      distributed: 0,
    });
    expect(
      await sendCommand(control.address, 'scale', { name: 'mistral-3-distributed', replicas: 1 }),
    ).toEqual({
      scaled: 'mistral-3-distributed',
      replicas: 1,
    });
    expect(
      lab.world.cluster.get('llminferenceservices.serving.kserve.io', 'private-ai', 'mistral-3-distributed')
        ?.spec,
    ).toMatchObject({ replicas: 1 });
    expect(await sendCommand(control.address, 'status')).toMatchObject({
      scenario: 'healthy',
      visitors: { baseline: 2, distributed: 0 },
    });
    await expect(sendCommand(control.address, 'fault', { name: 'chaos', state: 'on' })).rejects.toThrow(
      'no fault chaos',
    );
    expect(await sendCommand(control.address, 'fault', { name: 'slow-list', state: 'on' })).toEqual({
      faults: [{ name: 'slow-list', arm: null }],
    });
    await expect(
      sendCommand(control.address, 'fault', { name: 'slow-list', state: 'on', arm: 'baseline' }),
    ).rejects.toThrow('slow-list cannot be aimed at an arm');
    const aimed = { name: 'answer-reset', state: 'on', arm: 'baseline' };
    expect(await sendCommand(control.address, 'fault', aimed)).toEqual({
      faults: [
        { name: 'slow-list', arm: null },
        { name: 'answer-reset', arm: 'baseline' },
      ],
    });
    await sendCommand(control.address, 'fault', { ...aimed, state: 'off' });
    expect(
      await sendCommand(control.address, 'expectations', { name: 'fault:target-down', arm: 'baseline' }),
    ).toEqual({
      silences: null,
      gates: [
        { gate: 'metrics-baseline', arm: 'baseline', status: 'warn', fact: 'platform-pitfalls §9.2 F45' },
      ],
    });
    expect(await sendCommand(control.address, 'fault', { name: 'slow-list', state: 'off' })).toEqual({
      faults: [],
    });
    expect(await sendCommand(control.address, 'expectations', { name: 'as-shipped' })).toContainEqual({
      gate: 'leaderworkerset-api',
      status: 'warn',
      fact: 'kubernetes-objects §7.1 A3 (absent, and no spec.worker)',
    });
    expect(await sendCommand(control.address, 'scenario', { name: 'gateway-removed' })).toEqual({
      scenario: 'gateway-removed',
    });
    expect(await sendCommand(control.address, 'status')).toMatchObject({
      scenario: 'gateway-removed',
      faults: [],
    });
    await sendCommand(control.address, 'kubernetes-api', { state: 'down' });
    await expect(kubernetes('/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await sendCommand(control.address, 'kubernetes-api', { state: 'up' });
    expect((await kubernetes('/version')).status).toBe(200);
    const told = lab.world.cluster
      .list<KubernetesObject & { reason: string; source: { component: string } }>('events')
      .filter(({ source }) => source.component === 'lab');
    expect(told.map(({ reason }) => reason).toSorted()).toEqual([
      'FaultEnded',
      'FaultEnded',
      'FaultStarted',
      'FaultStarted',
      'KubernetesApiStarted',
      'KubernetesApiStopped',
      'PodKilled',
      'Scaled',
      'ScenarioChanged',
      'VisitorsChanged',
    ]);
    await sendCommand(control.address, 'stop');
    await new Promise((resolve) => setImmediate(resolve));
    expect(stops).toBe(1);
  } finally {
    await control.stop();
  }
});
