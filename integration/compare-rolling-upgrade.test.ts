import { request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import { NEWER_ENGINE_IMAGE } from '../lab/world/engine-images';
import { type CompareOnPrometheus, compareOn, seriesIn } from './compare-on-lab';

/** A running service gets a later engine image: its pods are replaced by those of a release with other names. */
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 1, 337);

let lab: Lab;
let clock: VirtualClock;
let dashboard: CompareOnPrometheus;
/** What was shown every quarter of a minute, and the releases that served then. */
const shown: { versions: string[]; answer: Compare }[] = [];
let atEnd: Compare;

beforeAll(async () => {
  clock = virtualClock(START_MS);
  lab = await startLab({ clock, seed: 4, scrapeIntervalMs: 5_000, timeFactor: 0.1 });
  dashboard = compareOn(lab.urls.prometheus);
  await clock.advance(0);
  playLoad(lab, clock, burstyLoad({ seed: 4, seconds: 420, arms: ['distributed'], requestsPerSecond: 1.5 }));
  await clock.advance(60_000);
  await send('PATCH', 'v1alpha1/namespaces/private-ai/llminferenceservices/mistral-3-distributed', [
    { op: 'add', path: '/spec/template/containers/0/image', value: NEWER_ENGINE_IMAGE },
  ]);
  const versions = (): string[] =>
    lab.world.engines
      .list()
      .filter(({ arm }) => arm === 'distributed')
      .map(({ plan }) => plan.options.version)
      .sort();
  for (let step = 0; step < 20; step++) {
    await clock.advance(15_000);
    shown.push({ versions: versions(), answer: await dashboard.at(clock.nowMs(), '5m') });
  }
  atEnd = await dashboard.at(clock.nowMs(), '15m');
}, 120_000);
afterAll(async () => {
  await dashboard.close();
  await lab.stop();
});

function send(method: string, path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    request(`${lab.urls.kubernetes}/apis/serving.kserve.io/${path}`, {
      method,
      agent: false,
      ca: lab.authorityPem,
      headers: {
        Authorization: `Bearer ${lab.tokens.admin}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json-patch+json' }),
      },
    })
      .on('error', reject)
      .on('response', (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${method} ${path} answered ${response.statusCode}`));
      })
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

it('one line goes through both releases, under both names', () => {
  expect(new Set(shown.flatMap(({ versions }) => versions))).toContain('0.21.0');
  expect(shown.at(-1)?.versions).toEqual(['0.21.0', '0.21.0']);
  const { family, points } = seriesIn(atEnd, 'itl', 'distributed');
  expect(family?.split(' or ').map((name) => name.replace(/^(kserve_)?vllm:/, ''))).toEqual([
    'inter_token_latency_seconds',
    'time_per_output_token_seconds',
  ]);
  const changedMs = START_MS + 60_000;
  const known = points.filter(([, value]) => value !== null).map(([at]) => Date.parse(at));
  expect(known.filter((at) => at < changedMs).length).toBeGreaterThan(2);
  expect(known.filter((at) => at > changedMs + 60_000).length).toBeGreaterThan(10);
});

it('counts every observation once: as many gaps between tokens as tokens that are not the first', () => {
  // Of the whole time, over both releases, whatever they call it and however often they are scraped.
  const gaps = seriesIn(atEnd, 'itl', 'distributed').samples ?? 0;
  const truth = lab
    .groundTruth()
    .filter(({ podName }) => podName.includes('distributed'))
    .reduce((sum, { tokensMs }) => sum + Math.max(0, tokensMs.length - 1), 0);
  // What a pod counted before its first and after its last scrape nobody read.
  expect(gaps / truth).toBeGreaterThan(0.9);
  expect(gaps / truth).toBeLessThan(1.02);
});
