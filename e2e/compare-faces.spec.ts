/** Compare with live data in each of its faces: what is missing, refused, old or in part, each told apart per series. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { compareSchema } from '@/lib/contracts/compare';
import { loadStartedSchema } from '@/lib/contracts/load';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import type { Arm, MetricId, Presence } from '@/lib/domain/vocabulary';
import { test as base, expect } from './fixtures';
import { guidellmFile } from './guidellm-file';
import { createInLab } from './lab-api';
import { openStage, type Stage } from './stage';

function chart(page: Page, metric: string): Locator {
  return page.locator(`[data-metric="${metric}"]`);
}

async function openCompare(page: Page, stage: Stage, search = ''): Promise<void> {
  await page.goto(`${stage.url}/compare${search}`);
  await expect(page.locator('[data-metric] svg path, [data-opened], table').first()).toBeAttached();
}

async function readCompare(stage: Stage, search = ''): Promise<Compare> {
  return compareSchema.parse(await (await fetch(`${stage.url}/api/compare${search}`)).json());
}

function seriesOf(compare: Compare, id: MetricId, arm: Arm): CompareSeries | undefined {
  return compare.metrics.find((metric) => metric.id === id)?.arms.find((series) => series.arm === arm);
}

/** Number of pieces a line is drawn in: a gap makes two of one. */
async function piecesOf(page: Page, metric: string): Promise<number[]> {
  const paths = await chart(page, metric)
    .locator('svg.recharts-surface path[stroke-linejoin]')
    .evaluateAll((lines) => lines.map((line) => line.getAttribute('d') ?? ''));
  return paths.map((path) => path.split('M').length - 1);
}

const TARGETS = `
serviceLevel: { ttftSeconds: 1, itlSeconds: 0.5, statistic: p95, source: our agreement }
targets:
  - { id: first-token, title: First token within ten seconds, metric: ttft, arm: distributed, threshold: 10, statistic: p95, source: our agreement }
  - { id: per-token, title: A token every 10 ms, metric: itl, threshold: 0.01, statistic: mean, source: our agreement }
  - { id: any-token, title: A token within ten seconds, metric: itl, arm: distributed, threshold: 10, statistic: mean, source: nobody }
  - { id: output, title: A million tokens per second, metric: generation-throughput, threshold: 1000000, statistic: mean, source: nobody }
  - { kind: throughput-at-service-level, id: capacity, title: Higher throughput at the same SLA threshold, source: the plan }
`;
const PRICES = `
currency: USD
date: 2026-01-31
source: a price list
perGpuHour: { g6.4xlarge: 1.32 }
`;

function stages(factor: number) {
  return [1, 5, 10, 15].map((users) => ({
    users,
    ttftMs: users * factor,
    itlMs: 50 + users,
    outputTokensPerSecond: users * 15,
  }));
}

interface Shown {
  stage: Stage;
}

/** Both arms busy, with files of targets, prices and recorded benchmarks, and a load that may be started. */
const busy = base.extend<object, Shown>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-compare-'));
      const write = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      write('int4.json', guidellmFile('http://mistral-3-int4-predictor', stages(250)));
      write('llm-d.json', guidellmFile('http://mistral-3-distributed', stages(60)));
      const stage = await openStage({
        labArguments: ['--users', 'baseline=2,distributed=2', '--prometheus', 'embedded'],
        env: {
          TARGETS_FILE: write('targets.yaml', TARGETS),
          PRICES_FILE: write('prices.yaml', PRICES),
          GUIDELLM_PATH: folder,
          LOAD_MAX_USERS: '4',
        },
      });
      await use(stage);
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

busy(
  'targets are lines that name themselves, and say whether they are measured and how it ended',
  async ({ page, stage }) => {
    busy.setTimeout(150_000);
    await openCompare(page, stage);
    await expect(chart(page, 'ttft').getByText(/TARGET llm-d 10/)).toBeVisible();
    await expect(chart(page, 'itl').getByText('TARGET 10', { exact: true })).toBeVisible();
    await expect(chart(page, 'generation-throughput').getByText('TARGET 1000000 lies above')).toBeVisible();
    await openCompare(page, stage, '?chart=ttft');
    await expect(
      page.getByText(
        /First token within ten seconds: (?:not yet measured: .*are needed|measured: kept, llm-d )/,
      ),
    ).toBeVisible({ timeout: 40_000 });
    await openCompare(page, stage, '?chart=itl');
    await expect(
      page.getByText(/A token every 10 ms: measured: missed, INT4 [\d.]+ s against 0.01; llm-d /),
    ).toBeVisible({ timeout: 40_000 });
    await expect(
      page.getByText(/A token within ten seconds: measured: kept, llm-d [\d.]+ s against 10 /),
    ).toBeVisible();
  },
);

/** Starts a load and keeps it alive, as the page that started one does, while the work goes on. */
async function underLoad(stage: Stage, plan: object, work: () => Promise<void>): Promise<void> {
  const post = (body: object): Promise<Response> =>
    fetch(`${stage.url}/api/load`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { runId } = loadStartedSchema.parse(await (await post({ action: 'start', plan })).json());
  const keeping = setInterval(() => void post({ action: 'keep', runId }).catch(() => undefined), 1_000);
  try {
    await work();
  } finally {
    clearInterval(keeping);
    await post({ action: 'stop', runId });
  }
}

busy(
  'what happened stands on the charts: pods of an arm, a load, a benchmark job',
  async ({ page, stage }) => {
    busy.setTimeout(150_000);
    await openCompare(page, stage);
    const line = page.locator('[data-events]');
    const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
    if (victim === undefined) throw new Error('no distributed pod');
    stage.lab('kill-pod', victim.name);
    await expect(line).toContainText(/(?:Killing|Scheduled|Started|Unhealthy): Pod …\w{5}/, {
      timeout: 30_000,
    });
    const plan = { usersPerArm: 2, arms: ['baseline', 'distributed'], path: null, shape: 'documents' };
    await underLoad(stage, plan, async () => {
      await expect(line).toContainText('Load: 2 users', { timeout: 30_000 });
    });
    await createInLab(stage.labFolder, '/api/v1/namespaces/private-ai/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'guidellm-daily-29000000-x7k2p',
        labels: {
          app: 'guidellm',
          model: 'mistral-3-distributed',
          'batch.kubernetes.io/job-name': 'guidellm-daily-29000000',
        },
      },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'guidellm', image: 'ghcr.io/vllm-project/guidellm:stable' }],
      },
    });
    await expect(line).toContainText('Benchmark guidellm-daily-29000000', { timeout: 60_000 });
    const { annotations } = await readCompare(stage);
    const kinds = annotations.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['event', 'load', 'benchmark']));
    expect(annotations.filter(({ kind }) => kind === 'event').some(({ arm }) => arm === 'distributed')).toBe(
      true,
    );
    // Each is a mark on every chart, and readable where the crosshair stands.
    const marks = chart(page, 'running').locator('[data-happening]');
    expect(await marks.count()).toBeGreaterThanOrEqual(3);
  },
);

busy(
  'requests that this dashboard timed itself stand on the chart of the engines, named as such',
  async ({ page, stage }) => {
    busy.setTimeout(150_000);
    const messages = [{ role: 'user', content: 'One word, please.' }];
    const chat = await fetch(`${stage.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ arm: 'baseline', messages, maxTokens: 8 }),
    });
    await chat.text();
    const plan = { usersPerArm: 1, arms: ['baseline', 'distributed'], path: null, shape: 'synthetic-256' };
    const origins = async (): Promise<string[]> => {
      const { clientSamples } = await readCompare(stage);
      return [...new Set(clientSamples.map(({ origin }) => origin))].sort();
    };
    await underLoad(stage, plan, async () => {
      await openCompare(page, stage);
      await expect.poll(origins, { timeout: 90_000 }).toEqual(['chat', 'load']);
    });
    await expect(chart(page, 'ttft').getByText('× chat, + load: timed by this dashboard')).toBeAttached({
      timeout: 30_000,
    });
    await expect(chart(page, 'running').getByText(/timed by this dashboard/)).toHaveCount(0);
  },
);

busy('output is told per GPU and per dollar, with the date of the prices', async ({ page, stage }) => {
  await openCompare(page, stage);
  const costs = page.getByRole('region', { name: 'Output per GPU and per cost' });
  await expect(
    costs.getByText(/Tokens per USD: [\d\u202f]+ against [\d\u202f]+ \(prices of 2026-01-31\)/),
  ).toBeVisible({
    timeout: 40_000,
  });
});

busy(
  'the ladder says where each arm breaks, per GPU and per dollar, and lays published loads over it when asked',
  async ({ page, stage }) => {
    await page.goto(`${stage.url}/compare?view=ladder`);
    await expect(
      page.getByRole('heading', {
        level: 1,
        name: 'llm-d kept the service level up to 15 users, INT4 up to 1',
      }),
    ).toBeVisible();
    const int4 = page.getByRole('region', { name: 'INT4 baseline', exact: true });
    const distributed = page.getByRole('region', { name: 'Distributed', exact: true });
    await expect(int4.getByText('breaks at 5 of 15 users')).toBeVisible();
    await expect(distributed.getByText(/^not reached/)).toBeVisible();
    await expect(
      distributed.getByText(/225 tokens\/s there, 113 per GPU of those held now; 306.818 per USD/),
    ).toBeVisible();
    for (const arm of [int4, distributed])
      await expect(arm.getByText('RECORDED', { exact: true })).toBeVisible();
    await expect(page.getByText(/Published elsewhere, not measured here/)).toHaveCount(0);
    await page.getByRole('button', { name: 'this demo’s READMEs' }).click();
    await expect(page).toHaveURL(/published=step-08-readme/);
    await expect(page.getByText(/Published elsewhere, not measured here/)).toBeVisible();
    await expect(page.getByText(/adnan-drina\/rhoai3-demo.*256\/256 tokens.*Not drawn/)).toBeVisible();
    await page.keyboard.press('t');
    await expect(page).toHaveURL(/stages=1/);
    await page.reload();
    const rows = page.getByRole('table').getByRole('row');
    await expect(rows.filter({ hasText: 'llm-d, published' })).toHaveCount(5);
    await expect(rows.filter({ hasText: /^INT4\s*\d/ })).toHaveCount(4);
  },
);

busy(
  'a silent target is partial for an arm that has another, and stale for one that has not',
  async ({ page, stage }) => {
    busy.setTimeout(180_000);
    await openCompare(page, stage, '?window=1m');
    const running = chart(page, 'running');
    stage.lab('fault', 'target-down', 'on');
    try {
      await expect(running.getByText('partial', { exact: false })).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText(/llm-d: Target down: …\w{5}\./)).toBeVisible();
      await expect(running.getByText(/stale/)).toHaveCount(0);
    } finally {
      stage.lab('fault', 'target-down', 'off');
    }
    stage.lab('fault', 'target-down', 'on', '--arm', 'baseline');
    try {
      // The last value stays, and counts its age.
      await expect(running.getByText(/^stale \d+\s?s/)).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText(/INT4: Target down: .*The last sample is \d+ s old/)).toBeVisible();
      await expect(page.getByRole('heading', { level: 1, name: 'No difference is claimed' })).toBeVisible();
    } finally {
      stage.lab('fault', 'target-down', 'off', '--arm', 'baseline');
    }
    await expect(running.getByText(/stale|partial/)).toHaveCount(0, { timeout: 60_000 });
    // The time without samples is no line.
    await openCompare(page, stage, '?window=5m');
    await expect
      .poll(async () => Math.max(...(await piecesOf(page, 'running'))), { timeout: 30_000 })
      .toBeGreaterThan(1);
  },
);

busy(
  'an answer of which a store is missing is partial, in the words of its warning',
  async ({ page, stage }) => {
    busy.setTimeout(120_000);
    await openCompare(page, stage, '?window=1m&chart=running');
    stage.lab('fault', 'prometheus-partial', 'on');
    try {
      for (const name of ['INT4 baseline', 'Distributed']) {
        const words = page.getByRole('region', { name, exact: true });
        await expect(words.getByText('partial', { exact: true })).toBeVisible({ timeout: 60_000 });
        await expect(words.getByText(/Prometheus gave a partial answer: /).first()).toBeVisible();
      }
    } finally {
      stage.lab('fault', 'prometheus-partial', 'off');
    }
  },
);

busy('the percentile follows its key, and the help knows it', async ({ page, stage }) => {
  await openCompare(page, stage);
  await page.keyboard.press('q');
  await expect(page).toHaveURL(/percentile=99/);
  await expect(page.getByRole('heading', { name: /^First token, p99/ })).toBeVisible();
  await page.keyboard.press('q');
  await expect(page.getByRole('button', { name: 'p50', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByText('Next percentile: p50, p90, p95, p99')).toBeVisible();
  await page.keyboard.press('Escape');
});

busy('the namespace’s Grafana is one press away where its Route exists', async ({ page, stage }) => {
  await openCompare(page, stage);
  await page.getByRole('button', { name: 'More' }).click();
  const link = page.getByRole('link', { name: 'Grafana of this namespace' });
  await expect(link).toHaveAttribute('href', /^https:\/\/grafana-route-private-ai\./);
  await expect(link).toHaveAttribute('rel', 'noreferrer');
});

/**
 * Under the rules of the tenancy port, as the service account of a deployed dashboard; nobody asks the models anything, and
 * the baseline has another name than the dashboard was told.
 */
const tenant = base.extend<object, Shown>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stage = await openStage({
        labArguments: ['--prometheus', 'embedded'],
        env: (labFolder) => ({
          ...Object.fromEntries(
            [...readFileSync(join(labFolder, 'env'), 'utf8').matchAll(/^# export (\w+)='(.*)'$/gm)].map(
              ([, name, value]) => [name ?? '', value ?? ''],
            ),
          ),
          BASELINE_NAME: 'mistral-3-bf16',
        }),
      });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

tenant('absent, no traffic and forbidden are three faces, each with its reason', async ({ page, stage }) => {
  tenant.setTimeout(240_000);
  await openCompare(page, stage, '?window=1m');
  const ttft = chart(page, 'ttft');
  await expect(ttft.getByText('INT4: not scraped')).toBeVisible();
  // The dashboard's own probes are no traffic.
  await expect(ttft.getByText('llm-d: no traffic')).toBeVisible({ timeout: 120_000 });
  await expect(ttft.getByText(/No vllm: or kserve_vllm: series of pods like mistral-3-bf16/)).toBeVisible();
  await expect(
    page.getByText(/GPU busy \(None of these series exists: .*may not be read here/),
  ).toBeVisible();
  const presences = async (): Promise<(Presence | undefined)[]> => {
    const compare = await readCompare(stage, '?window=1m');
    return [
      seriesOf(compare, 'ttft', 'baseline')?.presence,
      seriesOf(compare, 'ttft', 'distributed')?.presence,
    ];
  };
  expect(await presences()).toEqual(['not-scraped', 'no-traffic']);
  stage.lab('fault', 'rights-revoked', 'on');
  try {
    await expect.poll(presences, { timeout: 60_000 }).toEqual(['forbidden', 'forbidden']);
    await expect(
      chart(page, 'running')
        .getByText(/forbidden/)
        .first(),
    ).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/INT4 and llm-d: /)).toBeVisible();
  } finally {
    stage.lab('fault', 'rights-revoked', 'off');
  }
  await expect.poll(presences, { timeout: 60_000 }).toEqual(['not-scraped', 'no-traffic']);
});

const split = base.extend<object, Shown>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stage = await openStage({
        labArguments: [
          '--scenario',
          'prefill-decode',
          '--users',
          'baseline=2,distributed=2',
          '--prometheus',
          'embedded',
        ],
      });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

split(
  'where prefill and decode are split, each role has its row, and the KV transfer its charts',
  async ({ page, stage }) => {
    split.setTimeout(120_000);
    await openCompare(page, stage, '?chart=running');
    const words = page.getByRole('region', { name: 'Distributed', exact: true });
    for (const role of ['prefill', 'decode']) {
      await expect(words.getByRole('row', { name: new RegExp(`^role ${role} `) })).toBeVisible({
        timeout: 60_000,
      });
    }
    await openCompare(page, stage, '?view=table');
    const rows = page.getByRole('table').getByRole('row');
    await expect(
      rows.filter({ has: page.getByRole('rowheader', { name: 'prefill', exact: true }) }).first(),
    ).toBeVisible();
    await expect(
      rows.filter({ has: page.getByRole('rowheader', { name: 'decode', exact: true }) }).first(),
    ).toBeVisible();
    for (const name of [/^KV transfer mean, ms$/, /^KV moved/]) {
      await expect(rows.filter({ has: page.getByRole('rowheader', { name }) })).toHaveCount(1, {
        timeout: 60_000,
      });
    }
  },
);
