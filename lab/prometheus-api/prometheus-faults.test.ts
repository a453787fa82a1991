import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { EmbeddedPrometheus } from '../parts.ts';
import { createPrometheus } from './prometheus.ts';

const PODS = ['engine-a', 'engine-b'];
let server: Server;
let prometheus: EmbeddedPrometheus;
let clock: VirtualClock;
let requests: number;

/** Two pods with a counter that stands at the number of requests, scraped every five seconds. */
async function start(): Promise<void> {
  clock = virtualClock();
  requests = 100;
  prometheus = createPrometheus({
    clock,
    scrapeIntervalMs: 5000,
    targets: () =>
      PODS.map((pod) => ({
        labels: { pod, job: 'engines' },
        metricNamePrefix: '',
        fetchPage: async () =>
          `# TYPE asked_total counter\nasked_total ${requests}\n# TYPE busy gauge\nbusy 7\n# TYPE wait histogram\nwait_bucket{le="+Inf"} ${requests}\nwait_count ${requests}\nwait_sum ${requests}\n`,
      })),
  });
  server = createServer((request, response) => prometheus.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await clock.advance(0);
}

afterEach(async () => {
  prometheus.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Answer {
  data: { result: { metric: { pod?: string }; value: [number, string] }[] };
  warnings?: string[];
}
const ask = async (query: string): Promise<Answer> => {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
  return (await response.json()) as Answer;
};
const values = async (query: string): Promise<string[]> =>
  (await ask(query)).data.result.map(({ value: [, value] }) => value);

test('down, it cuts connections and scrapes nothing; afterwards the history has a gap', async () => {
  await start();
  await clock.advance(10_000);
  prometheus.faults.set({ isDown: true });
  await expect(ask('up')).rejects.toThrow('fetch failed');
  await clock.advance(60_000);
  prometheus.faults.clear();
  await clock.advance(5000);
  expect(await values('count_over_time(up[80s])')).toEqual(['4', '4']);
});

test('slow, it answers late', async () => {
  await start();
  prometheus.faults.set({ delayMs: 8000 });
  const arrived = new Promise<void>((resolve) => server.once('request', () => resolve()));
  let hasAnswered = false;
  const answer = ask('up').then(({ data }) => {
    hasAnswered = true;
    return data.result.length;
  });
  await arrived;
  await clock.advance(7999);
  expect(hasAnswered).toBe(false);
  await clock.advance(1);
  expect(await answer).toBe(2);
});

test('partial, it leaves out pods, and says so with every answer', async () => {
  await start();
  prometheus.faults.set({ partial: { missingPods: ['engine-b'] } });
  const { data, warnings } = await ask('busy');
  expect(data.result.map(({ metric }) => metric.pod)).toEqual(['engine-a']);
  expect(warnings).toEqual([expect.stringMatching(/^receive series from Addr: .* code = Unavailable/)]);
  prometheus.faults.set({ partial: null });
  expect(await values('count(busy)')).toEqual(['2']);
});

test('counters that are reset begin at zero, gauges do not, and rates bridge it', async () => {
  await start();
  prometheus.faults.resetCounters();
  requests = 130;
  await clock.advance(5000);
  expect(await values('asked_total')).toEqual(['0', '0']);
  expect(await values('wait_count')).toEqual(['0', '0']);
  expect(await values('busy')).toEqual(['7', '7']);
  requests = 150;
  await clock.advance(5000);
  expect(await values('asked_total')).toEqual(['20', '20']);
  expect(await values('resets(asked_total[1m])')).toEqual(['1', '1']);
});

test('a target that really restarts afterwards shows its own values again', async () => {
  await start();
  prometheus.faults.resetCounters();
  await clock.advance(5000);
  requests = 3;
  await clock.advance(5000);
  expect(await values('asked_total')).toEqual(['3', '3']);
});
