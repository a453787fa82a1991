import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARMS } from '@/lib/domain/vocabulary';
import { createRuntime, type Runtime } from '@/lib/server/runtime';
import { realClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import { chatOn } from './chat-on-lab';
import { labConfig, untilTrue } from './dashboard-on-lab';
import { PROGRAM, REAL_MAJOR } from './prometheus-pair';

const WHY_SKIPPED =
  REAL_MAJOR === null
    ? ' — skipped: no prometheus here (apt-get install prometheus, or LAB_PROMETHEUS=PATH)'
    : '';

/** The whole way: a real Prometheus scrapes the lab's pages over HTTP, and the dashboard asks it. A quarter of a minute. */
describe.skipIf(REAL_MAJOR === null)(`a real Prometheus scrapes the lab${WHY_SKIPPED}`, () => {
  let lab: Lab;
  let runtime: Runtime;
  let remove: () => void;
  const folder = mkdtempSync(join(tmpdir(), 'compare-scrape-'));

  beforeAll(async () => {
    const clock = realClock();
    lab = await startLab({ clock, scrapeIntervalMs: 1_000, prometheusProgram: { path: PROGRAM, folder } });
    playLoad(lab, clock, burstyLoad({ seed: 5, seconds: 20, requestsPerSecond: 2 }));
    const configured = labConfig(lab);
    remove = configured.remove;
    runtime = createRuntime(configured.config);
  }, 60_000);
  afterAll(async () => {
    await runtime.shutdown(100);
    await lab.stop();
    remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('and every chart of both arms has its data, or says why not', async () => {
    const question = { window: '1m', percentile: 95, end: null, breakdown: true } as const;
    let absent: string[] = [];
    let isAsking = false;
    const ask = async (): Promise<void> => {
      // The scripted load goes to the engines directly: what their HTTP servers count are these.
      await Promise.all(ARMS.map((arm) => chatOn(runtime, arm, { maxTokens: 4 }).last));
      const answer = await runtime.compare(question);
      absent = [...answer.metrics, ...answer.furtherMetrics].flatMap(({ id, arms }) =>
        arms
          .filter(({ presence }) => presence !== 'ok')
          .map(({ arm, presence }) => `${id} ${arm} ${presence}`),
      );
      isAsking = false;
    };
    const expected = ['kv-transfer-time', 'kv-transfer-throughput', 'kv-transfer-failures'].flatMap((id) =>
      ARMS.map((arm) => `${id} ${arm} not-scraped`),
    );
    const isThere = (): boolean =>
      absent.length > 0 && absent.every((one) => one.startsWith('kv-') || one.startsWith('picker-'));
    await untilTrue(() => {
      if (!isAsking) {
        isAsking = true;
        void ask();
      }
      return isThere();
    }, 60_000);
    // Nearly all load goes to the engines directly: the picker decides nothing, or nearly.
    expect(absent.filter((one) => !one.startsWith('picker-')).sort()).toEqual(expected.sort());
  }, 90_000);
});
