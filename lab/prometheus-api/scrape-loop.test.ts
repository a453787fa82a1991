import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { ScrapeTarget } from '../parts.ts';
import { instantQuery } from './query-engine.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

function scraped(targets: () => ScrapeTarget[]): {
  clock: VirtualClock;
  round(): Promise<void>;
  query(text: string): Record<string, number>;
  loop: ScrapeLoop;
} {
  const clock = virtualClock();
  const store = new SeriesStore(3_600_000);
  const loop = new ScrapeLoop({ clock, scrapeIntervalMs: 5000, targets }, store);
  return {
    clock,
    loop,
    round: async () => {
      const work = loop.scrapeOnce();
      await clock.advance(5000);
      await work;
    },
    query: (text) => {
      const { data } = instantQuery(store, text, clock.nowMs());
      if (data.resultType !== 'vector') throw new Error(`${text} gave a ${data.resultType}`);
      return Object.fromEntries(data.samples.map(({ labels, value }) => [String(labels), value]));
    },
  };
}

const target = (page: () => Promise<string>, overrides: Partial<ScrapeTarget> = {}): ScrapeTarget => ({
  labels: { job: 'engines', pod: 'a' },
  metricNamePrefix: '',
  fetchPage: page,
  ...overrides,
});

describe('labels', () => {
  test('of the target win; those of the page become exported_…', async () => {
    const { round, query } = scraped(() => [target(async () => 'x{pod="inner",gpu="0"} 1\n')]);
    await round();
    expect(query('x')).toEqual({
      '{__name__="x", exported_pod="inner", gpu="0", job="engines", pod="a"}': 1,
    });
  });

  test('le of a histogram is normalised, le of anything else is not', async () => {
    const page = [
      '# TYPE h histogram',
      'h_bucket{le="1"} 2',
      'h_bucket{le="+Inf"} 3',
      '# TYPE g gauge',
      'g{le="1"} 4',
    ].join('\n');
    const { round, query } = scraped(() => [target(async () => page)]);
    await round();
    expect(Object.keys(query('{__name__=~"h_bucket|g"}'))).toEqual([
      '{__name__="g", job="engines", le="1", pod="a"}',
      '{__name__="h_bucket", job="engines", le="+Inf", pod="a"}',
      '{__name__="h_bucket", job="engines", le="1.0", pod="a"}',
    ]);
  });

  test('a prefix is put before every name of the page, but not before the target series', async () => {
    const { round, query } = scraped(() => [
      target(async () => 'vllm:x 1\n', { metricNamePrefix: 'kserve_' }),
    ]);
    await round();
    expect(Object.keys(query('{job="engines"}')).map((text) => /__name__="([^"]+)"/.exec(text)?.[1])).toEqual(
      [
        'kserve_vllm:x',
        'scrape_duration_seconds',
        'scrape_samples_post_metric_relabeling',
        'scrape_samples_scraped',
        'up',
      ],
    );
  });
});

describe('a target that fails', () => {
  test('is down, and its series end at once', async () => {
    let isUp = true;
    const { round, query } = scraped(() => [
      target(async () => {
        if (!isUp) throw new Error('connection refused');
        return 'x 1\n';
      }),
    ]);
    await round();
    expect([query('sum(up)'), query('count(x)')]).toEqual([{ '{}': 1 }, { '{}': 1 }]);
    isUp = false;
    await round();
    expect([query('sum(up)'), query('count(x)')]).toEqual([{ '{}': 0 }, {}]);
    isUp = true;
    await round();
    expect([query('sum(up)'), query('count(x)')]).toEqual([{ '{}': 1 }, { '{}': 1 }]);
  });

  test('does so too when it hangs, or answers what is no metrics page', async () => {
    let page: Promise<string> = new Promise(() => {});
    const { round, query, loop } = scraped(() => [target(() => page)]);
    await round();
    expect(query('sum(up)')).toEqual({ '{}': 0 });
    expect(loop.targetStatus()[0]?.lastError).toBe('context deadline exceeded');
    page = Promise.resolve('x 1\n<html>');
    await round();
    expect(query('sum(up)')).toEqual({ '{}': 0 });
    expect(query('x')).toEqual({});
  });
});

test('a series that is no longer on the page ends, the others stay', async () => {
  let page = 'x 1\ny 1\n';
  const { round, query } = scraped(() => [target(async () => page)]);
  await round();
  page = 'y 2\n';
  await round();
  expect(Object.values(query('{__name__=~"x|y"}'))).toEqual([2]);
});

test('a target that is gone takes all its series along, up included', async () => {
  let targets = [target(async () => 'x 1\n')];
  const { round, query } = scraped(() => targets);
  await round();
  targets = [];
  await round();
  expect(query('{__name__=~".+"}')).toEqual({});
});

test('a line that comes twice counts once', async () => {
  const { round, query } = scraped(() => [target(async () => 'x 1\nx 2\n')]);
  await round();
  expect(Object.values(query('x'))).toEqual([1]);
});

test('metadata is that of the page, without the prefix of relabelling', async () => {
  const page = '# HELP vllm:x What x is.\n# TYPE vllm:x gauge\nvllm:x 1\n';
  const { round, loop } = scraped(() => [
    target(async () => page),
    target(async () => page, { labels: { job: 'other' }, metricNamePrefix: 'kserve_' }),
  ]);
  await round();
  expect(Object.fromEntries(loop.metadata())).toEqual({ 'vllm:x': [{ type: 'gauge', help: 'What x is.' }] });
});
