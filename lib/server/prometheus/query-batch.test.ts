import { describe, expect, it } from 'vitest';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { PrometheusAnswer, PrometheusClient, TimeGrid } from './client';
import { problem } from './problem';
import { createQueryBatch, joinQueries } from './query-batch';
import { aWorld, startFakePrometheus } from './testing/fake-prometheus';
import type { WireQueryData } from './wire';

const NOW = createManualClock().now() / 1000;

function numberIn(answer: PrometheusAnswer<WireQueryData>): string | undefined {
  if (!answer.ok || answer.value.resultType !== 'vector') return undefined;
  return answer.value.result[0]?.value?.[1];
}

describe('a batch of queries', () => {
  it('asks what is asked in one turn with one request, each query unchanged in it', async () => {
    const clock = createManualClock();
    const value = (promql: string) => promql.length;
    const { client, asked, requests } = await startFakePrometheus(aWorld({ value }), clock);
    const batch = createQueryBatch(client, NOW);
    const queries = ['sum(a)', 'sum(bb)', 'sum(ccc)'];
    const answers = await Promise.all(queries.map((promql) => batch.instant(promql)));
    expect(answers.map(numberIn)).toEqual(['6', '7', '8']);
    expect(asked).toEqual(queries);
    expect(requests).toEqual(['/api/v1/query']);
  });

  it('gives back each query’s own series, without the mark', async () => {
    const clock = createManualClock();
    const { client } = await startFakePrometheus(aWorld(), clock);
    const batch = createQueryBatch(client, NOW);
    const [buckets] = await Promise.all([batch.instant('sum by (le) (x)'), batch.instant('sum(y)')]);
    if (!buckets?.ok || buckets.value.resultType !== 'vector') throw new Error('no answer');
    expect(buckets.value.result.map(({ metric }) => metric)).toEqual([
      { le: '0.5' },
      { le: '1.0' },
      { le: '+Inf' },
    ]);
  });

  it('asks the same question once, and other times by themselves', async () => {
    const clock = createManualClock();
    const { client, asked, requests } = await startFakePrometheus(aWorld(), clock);
    const batch = createQueryBatch(client, NOW);
    const grid: TimeGrid = { startSeconds: NOW - 60, endSeconds: NOW, stepSeconds: 5 };
    const coarse: TimeGrid = { ...grid, stepSeconds: 30 };
    const first = batch.instant('sum(a)');
    expect(batch.instant('sum(a)')).toBe(first);
    await Promise.all([first, batch.range('sum(a)', grid), batch.range('sum(a)', coarse)]);
    expect(asked).toEqual(['sum(a)', 'sum(a)', 'sum(a)']);
    expect(requests.sort()).toEqual(['/api/v1/query', '/api/v1/query_range', '/api/v1/query_range']);
    await batch.instant('sum(a)');
    expect(requests).toHaveLength(3);
  });

  it('keeps each request short enough for a GET', async () => {
    const clock = createManualClock();
    const { client, asked, requests } = await startFakePrometheus(aWorld(), clock);
    const batch = createQueryBatch(client, NOW);
    const long = Array.from({ length: 30 }, (_, index) => `sum(x{pod=~"${'a'.repeat(900)}${index}"})`);
    await Promise.all(long.map((promql) => batch.instant(promql)));
    expect(asked.length).toBe(30);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.length).toBeLessThan(6);
  });

  it('asks each by itself when one spoils the batch, so that only that one fails', async () => {
    const sent: string[] = [];
    const refuse = problem('refused', 422, 'no');
    const client: PrometheusClient = {
      query: async (promql) => {
        sent.push(promql);
        return promql.includes('bad')
          ? { ok: false, problem: refuse }
          : {
              ok: true,
              value: { resultType: 'vector', result: [{ metric: {}, value: [NOW, '1'] }] },
              warnings: [],
              httpStatus: 200,
            };
      },
      queryRange: () => Promise.reject(new Error('not asked')),
      buildInfo: () => Promise.reject(new Error('not asked')),
    };
    const batch = createQueryBatch(client, NOW);
    const [good, bad] = await Promise.all([batch.instant('good'), batch.instant('bad')]);
    expect(numberIn(good)).toBe('1');
    expect(bad).toEqual({ ok: false, problem: refuse });
    expect(sent).toEqual([joinQueries(['good', 'bad']), 'good', 'bad']);
    await expect(batch.range('x', { startSeconds: 0, endSeconds: 1, stepSeconds: 1 })).rejects.toThrow(
      'not asked',
    );
  });

  it('tells all members of an unreachable Prometheus, without asking again', async () => {
    const clock = createManualClock();
    const { client, requests } = await startFakePrometheus(aWorld({ failing: 503 }), clock);
    const batch = createQueryBatch(client, NOW);
    const answers = await Promise.all([batch.instant('sum(a)'), batch.instant('sum(b)')]);
    expect(answers.map((answer) => !answer.ok && answer.problem.kind)).toEqual([
      'unreachable',
      'unreachable',
    ]);
    expect(requests).toHaveLength(1);
  });
});
