import { afterEach, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { type Lab, startLab } from '../lab.ts';
import type { RequestTruth } from '../parts.ts';
import { burstyLoad, playLoad } from './scripted-load.ts';

const SEED = 11;
const MINUTES = 10;
const SCRAPE_MS = 5_000;
/** Where metrics are not looked at: their pages cost more than all the rest. */
const RARELY_MS = 60_000;

interface Setting {
  lab: Lab;
  clock: VirtualClock;
}

const labs: Lab[] = [];
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.stop();
});

async function start(scrapeIntervalMs: number): Promise<Setting> {
  const clock = virtualClock();
  const lab = await startLab({ clock, seed: SEED, scrapeIntervalMs });
  labs.push(lab);
  await clock.advance(0);
  return { lab, clock };
}

async function ask({ lab, clock }: Setting, query: string): Promise<number> {
  const time = clock.nowMs() / 1000;
  const response = await fetch(
    `${lab.urls.prometheus}/api/v1/query?time=${time}&query=${encodeURIComponent(query)}`,
  );
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

const BASELINE = 'model_name="mistral-3-int4"';

/** Ten minutes with bursts, a lost engine after the fifth and a reset of all counters in the eighth. */
async function tenMinutes(): Promise<readonly RequestTruth[]> {
  const { lab, clock } = await start(RARELY_MS);
  playLoad(lab, clock, burstyLoad({ seed: SEED, seconds: MINUTES * 60 }));
  await clock.advance(5 * 60_000);
  const isIdle = (): boolean =>
    lab.world.engines
      .list()
      .every(({ arm, engine }) => arm === 'baseline' || engine.snapshot().running === 0);
  while (isIdle()) await clock.advance(1000);
  for (const { arm, engine } of lab.world.engines.list())
    if (arm === 'distributed' && engine.snapshot().running > 0) lab.killPod(engine.podName);
  await clock.advance(3 * 60_000);
  await lab.faults.start('prometheus-reset');
  await lab.faults.end('prometheus-reset');
  await clock.advance(2 * 60_000);
  return lab.groundTruth();
}

test('every request is written down as it went, and the same seed writes the same', async () => {
  const first = await tenMinutes();
  expect(first.length).toBeGreaterThan(400);
  const ends = Map.groupBy(first, ({ end }) => end);
  expect(ends.get('length')?.length).toBeGreaterThan(350);
  expect(ends.get('killed')?.length).toBeGreaterThan(0);
  for (const { arrivedMs, scheduledMs, tokensMs, end } of first) {
    if (end !== 'length') continue;
    const times = [arrivedMs, scheduledMs ?? Number.NaN, ...tokensMs];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  expect(JSON.stringify(await tenMinutes())).toBe(JSON.stringify(first));
}, 120_000);

test('what Prometheus counts between two scrapes is what happened between them', async () => {
  const setting = await start(SCRAPE_MS);
  const { lab, clock } = setting;
  playLoad(lab, clock, burstyLoad({ seed: SEED, seconds: 240, arms: ['baseline'] }));
  const startMs = clock.nowMs();
  await clock.advance(240_000 + 120_000);
  const truth = lab.groundTruth();
  const until = (timeMs: number, ms: number): boolean => ms <= timeMs;
  for (const atMs of [60_000, 125_000, 240_000]) {
    const timeMs = startMs + atMs;
    const at = `@ ${timeMs / 1000}`;
    const tokens = truth.flatMap(({ tokensMs }) => tokensMs).filter((ms) => until(timeMs, ms)).length;
    const started = truth.filter(({ tokensMs: [first] }) => first !== undefined && until(timeMs, first));
    const finished = truth.filter(
      ({ tokensMs, end }) => end === 'length' && until(timeMs, tokensMs.at(-1) ?? 0),
    );
    expect({
      generated: await ask(setting, `vllm:generation_tokens_total{${BASELINE}} ${at}`),
      prompts: await ask(setting, `vllm:prompt_tokens_total{${BASELINE}} ${at}`),
      firsts: await ask(setting, `vllm:time_to_first_token_seconds_count{${BASELINE}} ${at}`),
      finished: await ask(setting, `sum(vllm:request_success_total{${BASELINE}} ${at})`),
    }).toEqual({
      generated: tokens,
      prompts: started.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
      firsts: started.length,
      finished: finished.length,
    });
    const waits = started.map(({ arrivedMs, tokensMs }) => ((tokensMs[0] ?? 0) - arrivedMs) / 1000);
    expect(await ask(setting, `vllm:time_to_first_token_seconds_sum{${BASELINE}} ${at}`)).toBeCloseTo(
      waits.reduce((sum, wait) => sum + wait, 0),
      6,
    );
  }
}, 120_000);
