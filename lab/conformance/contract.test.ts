/**
 * What an API server owes its clients, as one suite for any of them: here against the lab, and with
 * `npm run test:conformance` against a real kube-apiserver or any cluster.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { startLab } from '../lab.ts';
import { describeAccess } from './access.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { describeApplying } from './applying.ts';
import { describeColumns } from './columns.ts';
import { describeCreating } from './creating.ts';
import { describeCustomResources } from './custom-resources.ts';
import { describeDeleting } from './deleting.ts';
import { describeDiscovery } from './discovery.ts';
import { readKubeconfig } from './kubeconfig-reader.ts';
import { describeReading } from './reading.ts';
import { create, DEFINITION, GROUP, type Target, WIDGET_DEFINITION } from './target.ts';
import { describeUpdating } from './updating.ts';
import { describeWatching } from './watching.ts';
import { describeWorkloads } from './workloads.ts';

const NAMES = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Server {
  admin: ApiClient;
  compact: Target['compact'];
  stop(): Promise<void>;
}

async function startedLab(): Promise<Server> {
  const lab = await startLab({ scenario: 'bare' });
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, lab.kubeconfig);
  return {
    admin: createApiClient(readKubeconfig(path)),
    compact: () => lab.faults.start('history-compacted').then(() => lab.faults.end('history-compacted')),
    stop: async () => {
      await lab.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** etcd's own compaction, through its JSON gateway. */
async function compactEtcd(url: string): Promise<void> {
  const ask = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const { header } = await ask('/v3/kv/range', { key: Buffer.from('a').toString('base64') });
  const { revision } = header as { revision: string };
  await ask('/v3/kv/compaction', { revision, physical: true });
}

async function openServer(): Promise<Server> {
  const path = process.env.CONFORMANCE_KUBECONFIG;
  if (path === undefined) return startedLab();
  const etcd = process.env.CONFORMANCE_ETCD;
  return {
    admin: createApiClient(readKubeconfig(path)),
    compact: etcd === undefined ? null : () => compactEtcd(etcd),
    stop: async () => {},
  };
}

/** Until the new kind is served: listed, and told about in both schema documents. */
async function waitUntilServed(admin: ApiClient): Promise<void> {
  const told: [path: string, what: string][] = [
    [`/apis/${GROUP}/v1/widgets`, 'WidgetList'],
    ['/openapi/v3', `apis/${GROUP}/v1`],
    ['/openapi/v2', GROUP],
  ];
  for (const [path, what] of told) {
    for (;;) {
      const { code, text } = await admin.call(path);
      if (code === 200 && text.includes(what)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

let server: Server;
let target: Target;

beforeAll(async () => {
  server = await openServer();
  const { admin, compact } = server;
  const namespace = `conformance-${randomBytes(4).toString('hex')}`;
  await create(admin, '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await create(admin, NAMES, WIDGET_DEFINITION);
  await waitUntilServed(admin);
  target = { admin, namespace, compact };
});

afterAll(async () => {
  await target.admin.call(`${NAMES}/${DEFINITION}`, { method: 'DELETE' });
  await target.admin.call(`/api/v1/namespaces/${target.namespace}`, { method: 'DELETE' });
  await server.stop();
});

describe('the contract of an API server', () => {
  const given = (): Target => target;
  describeDiscovery(given);
  describeReading(given);
  describeColumns(given);
  describeWatching(given);
  describeCreating(given);
  describeUpdating(given);
  describeWorkloads(given);
  describeCustomResources(given);
  describeApplying(given);
  describeDeleting(given);
  describeAccess(given);
});
