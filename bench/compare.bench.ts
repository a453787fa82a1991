/** What one update of all visible charts costs the browser, and whether an hour of updates stays in its memory. */
import { type CDPSession, expect, type Page, test } from '@playwright/test';
import type { Compare, Point } from '@/lib/domain/compare';
import { openStage, type Stage } from '../e2e/stage';
import { percentile, record } from './measurements';
import { type ScriptedCurves, startScriptedCurves } from './scripted-curves';

/** The contract's most; a longer line is thinned on the server. */
const POINTS = 150;
const STEP_SECONDS = 2;
const WARM_UP_UPDATES = 20;
const MEASURED_UPDATES = 120;
/** One hour at one update per second. */
const HOUR_UPDATES = 3_600;
const SETTLING_UPDATES = 300;
const UPDATE_GOAL_MS = 50;
const HEAP_GOAL_PERCENT = 5;

let stage: Stage;
/** The real answer from which all others are made. */
let answer: Compare;
let opened: ScriptedCurves[] = [];

test.beforeAll(async () => {
  test.setTimeout(240_000);
  stage = await openStage({ labArguments: ['--users', 'baseline=4,distributed=4'] });
  answer = await wholeAnswer();
});

test.afterEach(async () => {
  const all = opened;
  opened = [];
  await Promise.all(all.map((curves) => curves.close()));
});

test.afterAll(async () => {
  await stage.close();
});

/** A recorded answer, filled to the most points a series may have, moved on in time: the values walk, the shape stays. */
function moved(answer: Compare, updates: number): Compare {
  const later = (time: string): string =>
    new Date(Date.parse(time) + updates * STEP_SECONDS * 1_000).toISOString();
  const endMs = Date.parse(answer.range.to);
  const walk = (points: readonly Point[]): Point[] => {
    const known = points.filter(([, value]) => value !== null);
    return known.length === 0
      ? []
      : Array.from({ length: POINTS }, (_, index) => [
          later(new Date(endMs - (POINTS - 1 - index) * STEP_SECONDS * 1_000).toISOString()),
          known[(index + updates) % known.length]?.[1] ?? null,
        ]);
  };
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

/** An answer in which every chart of the engines has its curves: what is empty costs nothing. */
async function wholeAnswer(): Promise<Compare> {
  for (;;) {
    const response = await fetch(`${stage.url}/api/compare?window=5m&percentile=95`);
    const whole = (await response.json()) as Compare;
    const curves = whole.metrics.flatMap(({ arms }) => arms.map(({ points }) => points));
    if (curves.every((points) => points.some(([, value]) => value !== null))) return whole;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

interface FedPage {
  /** Announces new curves, and waits until they are on the page: drawn in a frame, or that frame painted as well. */
  update(until: 'drawn' | 'painted'): Promise<void>;
  cdp: CDPSession;
}

/** The built page; its stream announces, and the answers are moved copies of a real one. */
async function openFed(page: Page, density: 'stage' | 'desk'): Promise<FedPage> {
  const curves = await startScriptedCurves(stage.url, answer);
  opened.push(curves);
  await page.context().addCookies([
    { name: 'density', value: density, url: curves.url },
    { name: 'density-now', value: density, url: curves.url },
  ]);
  await page.goto(`${curves.url}/compare?window=5m`);
  await expect(page.locator('[data-metric="ttft"] svg path').first()).toBeAttached();
  await curves.heard;

  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  // Thread time: what else runs on the machine does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  let updates = 0;
  return {
    cdp,
    update: async (until) => {
      updates += 1;
      const next = moved(answer, updates);
      const isThere = page.evaluate(
        async ([drawn, frames]) => {
          const screen = document.querySelector('[data-range-to]');
          if (screen === null) throw new Error('the charts are not there');
          if (screen.getAttribute('data-range-to') !== drawn) {
            await new Promise<void>((resolve) => {
              const observer = new MutationObserver(() => {
                if (screen.getAttribute('data-range-to') !== drawn) return;
                observer.disconnect();
                resolve();
              });
              observer.observe(screen, { attributes: true, attributeFilter: ['data-range-to'] });
            });
          }
          for (let frame = 0; frame < frames; frame += 1) await new Promise(requestAnimationFrame);
        },
        [next.range.to, until === 'painted' ? 2 : 1] as const,
      );
      curves.show(next);
      await isThere;
    },
  };
}

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** Bytes that are really held: the least of a few readings, since an answer under way is held by nobody for long. */
async function heldBytes(cdp: CDPSession): Promise<number> {
  const readings: number[] = [];
  for (let reading = 0; reading < 5; reading += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Twice: what the first collection releases by finalizers, the second takes away.
    await cdp.send('HeapProfiler.collectGarbage');
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    readings.push(usedSize);
  }
  return Math.min(...readings);
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
  test.setTimeout(30 * 60_000);
  await page.setViewportSize({ width: 1920, height: 1080 });
  const fed = await openFed(page, 'stage');
  const after = async (updates: number): Promise<number> => {
    for (let count = 0; count < updates; count += 1) await fed.update('drawn');
    return heldBytes(fed.cdp);
  };
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  // Until every cache has its size and every ring is full.
  const first = await after(SETTLING_UPDATES);
  const quarters: number[] = [];
  for (let quarter = 0; quarter < 4; quarter += 1) quarters.push(await after(HOUR_UPDATES / 4));
  const last = quarters.at(-1) ?? Number.NaN;
  // The engine lets go of code and buffers of the start only later: what is held least at first is what may not grow.
  const base = Math.min(first, quarters[0] ?? first);
  record({
    bench: 'compare',
    name: 'growth of the heap over 3 600 updates, after collecting garbage',
    unit: '%',
    value: (100 * (last - base)) / base,
    samples: HOUR_UPDATES,
    atMost: HEAP_GOAL_PERCENT,
    note: `${megabytes(first)} MB after ${SETTLING_UPDATES} updates, ${quarters.map(megabytes).join(', ')} MB after each quarter of the hour`,
  });
});
