/**
 * From an accepted change in the cluster to its pixel on the stage, with ten viewers: nine streams that are read and one
 * Chromium. A node of the arms is cordoned and uncordoned; the card says so.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster, healthyProbes, NOW } from '@/lib/domain/testing/build-cluster';
import {
  buildBaselinePod,
  buildEnginePod,
  buildForeignPod,
  buildNode,
} from '@/lib/domain/testing/build-objects';
import { openStage, type Stage } from '../e2e/stage';
import { percentile, record } from './measurements';

const VIEWERS = 10;
const SAMPLES = 30;
/** Not in step with the dashboard's own ticks. */
const PAUSES_MS = [410, 530, 670, 830, 970] as const;

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token: string } }[];
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Patches one node; resolves with the moment before the request left. */
function cordoner(kubeconfig: string): (node: string, unschedulable: boolean) => Promise<number> {
  const { clusters, users } = JSON.parse(kubeconfig) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  if (cluster === undefined) throw new Error('the kubeconfig names no cluster');
  const agent = new Agent({
    keepAlive: true,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
  });
  return (node, unschedulable) =>
    new Promise((resolve, reject) => {
      const sentAtMs = nowMs();
      const call = request(
        `${cluster.server}/api/v1/nodes/${node}`,
        {
          method: 'PATCH',
          agent,
          headers: {
            authorization: `Bearer ${users[0]?.user.token ?? ''}`,
            'content-type': 'application/merge-patch+json',
          },
        },
        (response) => {
          response.resume();
          response.on('end', () =>
            response.statusCode === 200
              ? resolve(sentAtMs)
              : reject(new Error(`PATCH ${response.statusCode}`)),
          );
        },
      );
      call.on('error', reject);
      call.end(JSON.stringify({ spec: { unschedulable } }));
    });
}

/** Reads a live stream as a browser would, and counts what came. */
async function view(stage: Stage, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${stage.url}/api/events`, { signal });
  if (response.body === null) throw new Error('no stream');
  const reader = response.body.getReader();
  const read = async (): Promise<void> => {
    for (;;) if ((await reader.read()).done) return;
  };
  void read().catch(() => undefined);
}

/** Notes when each change of the word was painted: the frame after the one that drew it. */
async function watchPixels(page: Page, node: string): Promise<void> {
  await page.evaluate((name) => {
    const card = document.querySelector(`[data-node="${name}"]`);
    if (card === null) throw new Error('the node has no card');
    const painted: { isCordoned: boolean; atMs: number }[] = [];
    (window as unknown as { painted: typeof painted }).painted = painted;
    let last = false;
    new MutationObserver(() => {
      const isCordoned = (card.textContent ?? '').includes('cordoned');
      if (isCordoned === last) return;
      last = isCordoned;
      requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          painted.push({ isCordoned, atMs: performance.timeOrigin + performance.now() }),
        ),
      );
    }).observe(card, { subtree: true, childList: true, characterData: true });
  }, node);
}

test('an event in the cluster is a pixel on the stage', async ({ page }) => {
  test.setTimeout(5 * 60_000);
  const stage = await openStage();
  const leaving = new AbortController();
  try {
    await page.goto(`${stage.url}/placement`);
    await expect(page.getByRole('heading', { level: 1, name: /^2 replicas/ })).toBeVisible();
    for (let viewer = 1; viewer < VIEWERS; viewer += 1) await view(stage, leaving.signal);
    const node = (await stage.placement()).pods.find(({ role }) => role === 'both')?.node;
    if (node == null) throw new Error('no pod of the arms has a node');
    const cordon = cordoner(readFileSync(join(stage.labFolder, 'kubeconfig'), 'utf8'));
    await watchPixels(page, node);

    const delaysMs: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const isCordoned = sample % 2 === 0;
      const sentAtMs = await cordon(node, isCordoned);
      const seen = await page.waitForFunction(
        (count) => (window as unknown as { painted: { isCordoned: boolean; atMs: number }[] }).painted[count],
        sample,
      );
      const painted = await seen.jsonValue();
      expect(painted?.isCordoned).toBe(isCordoned);
      delaysMs.push((painted?.atMs ?? Number.NaN) - sentAtMs);
      await page.waitForTimeout(PAUSES_MS[sample % PAUSES_MS.length] ?? 500);
    }
    const note = `${VIEWERS} viewers, one of them Chromium; from the request that changes a node to the painted frame`;
    record({
      bench: 'placement',
      name: 'event to pixel, p95',
      unit: 'ms',
      value: percentile(delaysMs, 95),
      samples: delaysMs.length,
      atMost: 500,
      note,
    });
    record({
      bench: 'placement',
      name: 'event to pixel, median',
      unit: 'ms',
      value: percentile(delaysMs, 50),
      samples: delaysMs.length,
      atMost: null,
      note,
    });
  } finally {
    leaving.abort();
    await stage.close();
  }
});

test('a thousand nodes and ten thousand pods are placed within a frame of the stage', () => {
  const nodes = Array.from({ length: 1_000 }, (_, index) =>
    buildNode(`node-${index}`, index < 40 ? {} : { gpus: 0, type: 'm6a.xlarge' }),
  );
  const pods = [
    buildBaselinePod('node-0'),
    buildEnginePod('engine-a', 'node-1'),
    buildEnginePod('engine-b', 'node-2'),
    ...Array.from({ length: 9_997 }, (_, index) =>
      buildForeignPod(`foreign-${index}`, `node-${3 + (index % 997)}`, index < 30 ? 1 : 0),
    ),
  ];
  const cluster = buildCluster({ nodes, pods });
  const input = {
    settings: DEFAULT_SETTINGS,
    cluster,
    probes: healthyProbes(),
    activity: [],
    mode: 'live' as const,
    actions: { deletePod: false, needsToken: false },
  };
  let previous = derivePlacement({ ...input, now: NOW, previous: null });
  expect(previous.foldedNodes).toBe(960);
  expect(previous.nodes.slice(0, 3).map(({ name }) => name)).toEqual(['node-0', 'node-1', 'node-2']);
  const timesMs = Array.from({ length: 40 }, (_, round) => {
    const startedAtMs = nowMs();
    // Each change of the cluster is a snapshot of its own; nothing is remembered from the last one.
    previous = derivePlacement({ ...input, cluster: { ...cluster }, now: NOW + round, previous });
    return nowMs() - startedAtMs;
  });
  record({
    bench: 'placement',
    name: 'placing 1,000 nodes and 10,000 pods, p95',
    unit: 'ms',
    value: percentile(timesMs, 95),
    samples: timesMs.length,
    atMost: 100,
    note: 'the pure derivation; 40 nodes with GPUs, 960 folded',
  });
});
