/** What one update of all visible charts costs the browser, and whether an hour of updates stays in its memory. */
import { type CDPSession, expect, type Page, test } from '@playwright/test';
import type { Compare, Point } from '@/lib/domain/compare';
import { openStage, type Stage } from '../e2e/stage';
import { percentile, record } from './measurements';

/** The contract's most; a longer line is thinned on the server. */
const POINTS = 150;
const STEP_SECONDS = 2;
const WARM_UP_UPDATES = 20;
const MEASURED_UPDATES = 120;
/** One hour at one update per second. */
const HOUR_UPDATES = 3_600;
const UPDATE_GOAL_MS = 50;
const HEAP_GOAL_PERCENT = 5;

let stage: Stage;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  stage = await openStage({ labArguments: ['--users', 'baseline=2,distributed=2'] });
});

test.afterAll(async () => {
  await stage.close();
});

/** A recorded answer, filled to the most points a series may have, moved on in time: the values walk, the shape stays. */
function moved(answer: Compare, updates: number): Compare {
  const later = (time: string): string =>
    new Date(Date.parse(time) + updates * STEP_SECONDS * 1_000).toISOString();
  const endMs = Date.parse(answer.range.to);
  const walk = (points: readonly Point[]): Point[] =>
    points.length === 0
      ? []
      : Array.from({ length: POINTS }, (_, index) => [
          later(new Date(endMs - (POINTS - 1 - index) * STEP_SECONDS * 1_000).toISOString()),
          points[(index + updates) % points.length]?.[1] ?? null,
        ]);
  const moveArms = <Metric extends Compare['metrics'][number] | Compare['furtherMetrics'][number]>(
    metric: Metric,
  ): Metric => ({
    ...metric,
    arms: metric.arms.map((series) => {
      const points = walk(series.points);
      return {
        ...series,
        points,
        meanPoints: series.meanPoints === null ? null : walk(series.meanPoints),
        latest: points.at(-1)?.[1] ?? null,
        latestAt: series.latestAt === null ? null : later(series.latestAt),
      };
    }),
  });
  return {
    ...answer,
    stepSeconds: STEP_SECONDS,
    observedAt: later(answer.observedAt),
    range: { ...answer.range, from: later(answer.range.from), to: later(answer.range.to) },
    metrics: answer.metrics.map(moveArms),
    furtherMetrics: answer.furtherMetrics.map(moveArms),
  };
}

interface FedPage {
  /** Announces new curves as the stream does, and waits until they are in the page; and in a frame, where that is wanted. */
  update(until: 'rendered' | 'painted'): Promise<void>;
  cdp: CDPSession;
}

/** The built page, fed by hand: its own stream announces, and the answers are moved copies of a real one. */
async function openFed(page: Page, density: 'stage' | 'desk'): Promise<FedPage> {
  await page.context().addCookies([
    { name: 'density', value: density, url: stage.url },
    { name: 'density-now', value: density, url: stage.url },
  ]);
  await page.addInitScript(() => {
    const Original = window.EventSource;
    window.EventSource = class extends Original {
      constructor(address: string | URL, options?: EventSourceInit) {
        super(address, options);
        Object.assign(window, { announcer: this });
      }
    };
  });
  const response = await fetch(`${stage.url}/api/compare?window=5m&percentile=95`);
  const answer = (await response.json()) as Compare;
  let updates = 0;
  let current = answer;
  await page.route('**/api/compare**', (route) => route.fulfill({ json: current }));
  await page.goto(`${stage.url}/compare?window=5m`);
  await expect(page.locator('[data-metric="ttft"] svg path').first()).toBeAttached();

  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  // Thread time: what else runs on the machine does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    cdp,
    update: async (until) => {
      updates += 1;
      current = moved(answer, updates);
      await page.evaluate(
        async ([drawn, isPaintAwaited]) => {
          const { announcer } = window as unknown as { announcer: EventSource };
          const screen = document.querySelector('[data-range-to]');
          if (screen === null) throw new Error('the charts are not there');
          await new Promise<void>((resolve) => {
            const observer = new MutationObserver(() => {
              if (screen.getAttribute('data-range-to') !== drawn) return;
              observer.disconnect();
              resolve();
            });
            observer.observe(screen, { attributes: true, attributeFilter: ['data-range-to'] });
            announcer.dispatchEvent(
              new MessageEvent('compare-ready', { data: JSON.stringify({ at: drawn }) }),
            );
          });
          // The frame that shows it, and the one after: its painting is over then.
          if (isPaintAwaited)
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        },
        [current.range.to, until === 'painted'] as const,
      );
    },
  };
}

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** Bytes that are really held. */
async function heldBytes(cdp: CDPSession): Promise<number> {
  // Twice: what the first collection releases by finalizers, the second takes away.
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize;
}

for (const density of ['stage', 'desk'] as const) {
  test(`an update of all visible charts, ${density}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width: 1920, height: 1080 });
    const fed = await openFed(page, density);
    for (let count = 0; count < WARM_UP_UPDATES; count += 1) await fed.update('painted');
    const samples: number[] = [];
    for (let count = 0; count < MEASURED_UPDATES; count += 1) {
      const before = await taskMs(fed.cdp);
      await fed.update('painted');
      samples.push((await taskMs(fed.cdp)) - before);
    }
    const visible = await page.locator('[data-metric]').count();
    record({
      bench: 'compare',
      name: `main-thread time of one update of all visible charts (${density}), p95`,
      unit: 'ms',
      value: percentile(samples, 95),
      samples: samples.length,
      atMost: UPDATE_GOAL_MS,
      note: `${visible} charts on the page, ${POINTS} points per series, 1920×1080, thread time; request, check and drawing included`,
    });
    record({
      bench: 'compare',
      name: `the same (${density}), median`,
      unit: 'ms',
      value: percentile(samples, 50),
      samples: samples.length,
      atMost: null,
      note: 'beside the p95, which collections of garbage rule',
    });
  });
}

test('an hour at one update per second', async ({ page }) => {
  test.setTimeout(9 * 60_000);
  await page.setViewportSize({ width: 1920, height: 1080 });
  const fed = await openFed(page, 'stage');
  // Until every cache has its size.
  for (let count = 0; count < 200; count += 1) await fed.update('rendered');
  const before = await heldBytes(fed.cdp);
  for (let count = 0; count < HOUR_UPDATES; count += 1) await fed.update('rendered');
  const after = await heldBytes(fed.cdp);
  record({
    bench: 'compare',
    name: 'growth of the heap over 3 600 updates, after collecting garbage',
    unit: '%',
    value: (100 * (after - before)) / before,
    samples: HOUR_UPDATES,
    atMost: HEAP_GOAL_PERCENT,
    note: `${Math.round(before / 1e5) / 10} MB before, ${Math.round(after / 1e5) / 10} MB after`,
  });
});
