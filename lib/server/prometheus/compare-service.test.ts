import { describe, expect, it, onTestFinished } from 'vitest';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import { aCompare, aMetric, aSeries } from '@/lib/domain/testing/compare-fixtures';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { checkedEnd, createCompareService, keepLastGood } from './compare-service';
import type { CompareQuestion } from './read-compare';

function anAnswer(observedAt: string, series: CompareSeries = aSeries()): Compare {
  return aCompare({ scrapeIntervalSeconds: 15, observedAt, metrics: [aMetric({ arms: [series] })] });
}

function aService() {
  const clock = createManualClock();
  const readings: {
    question: CompareQuestion;
    answer: (compare: Compare) => void;
    fail: (error: Error) => void;
  }[] = [];
  const ready: string[] = [];
  const previous: (Compare | null)[] = [];
  const service = createCompareService({
    clock,
    onReady: (at) => ready.push(at),
    read: (question, _signal, before) =>
      new Promise((resolve, reject) => {
        previous.push(before);
        readings.push({ question, answer: resolve, fail: reject });
      }),
  });
  onTestFinished(() => service.stop());
  /** Lets promise callbacks run. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { service, clock, readings, ready, previous, settle };
}

const VIEW: CompareQuestion = { window: '5m', percentile: 95, end: null, breakdown: false };

describe('sharing the compare answer', () => {
  it('reads once for all viewers of a view', async () => {
    const { service, readings, ready } = aService();
    const both = [service.get(VIEW), service.get(VIEW)];
    expect(readings).toHaveLength(1);
    readings[0]?.answer(anAnswer('t1'));
    expect((await Promise.all(both)).map(({ observedAt }) => observedAt)).toEqual(['t1', 't1']);
    expect((await service.get(VIEW)).observedAt).toBe('t1');
    expect(readings).toHaveLength(1);
    expect(ready).toEqual(['t1']);
  });

  it('reads again about once per scrape, only while someone asks, and says so', async () => {
    const { service, clock, readings, ready, settle } = aService();
    service.get(VIEW);
    readings[0]?.answer(anAnswer('t1'));
    await settle();
    clock.advance(14_999);
    expect(readings).toHaveLength(1);
    clock.advance(1);
    expect(readings).toHaveLength(2);
    readings[1]?.answer(anAnswer('t2'));
    await settle();
    expect(ready).toEqual(['t1', 't2']);
    expect((await service.get(VIEW)).observedAt).toBe('t2');
    // Nobody asks any more: two rounds later the view is forgotten.
    clock.advance(15_000);
    readings[2]?.answer(anAnswer('t3'));
    await settle();
    clock.advance(15_000);
    readings[3]?.answer(anAnswer('t4'));
    await settle();
    clock.advance(60_000);
    expect(readings).toHaveLength(4);
    expect(clock.pending()).toEqual([]);
  });

  it('never reads a view twice at once, however long a reading takes', async () => {
    const { service, clock, readings } = aService();
    service.get(VIEW);
    clock.advance(120_000);
    service.get(VIEW);
    expect(readings).toHaveLength(1);
  });

  it('keeps views apart', () => {
    const { service, readings } = aService();
    service.get(VIEW);
    service.get({ ...VIEW, percentile: 99 });
    expect(readings.map(({ question }) => question.percentile)).toEqual([95, 99]);
  });

  it('goes on after a reading that failed', async () => {
    const { service, clock, readings, settle } = aService();
    const asked = service.get(VIEW);
    readings[0]?.fail(new Error('a bug'));
    await expect(asked).rejects.toThrow('a bug');
    await settle();
    clock.advance(5_000);
    readings[1]?.answer(anAnswer('t2'));
    expect((await service.get(VIEW)).observedAt).toBe('t2');
  });
});

describe('what was said before', () => {
  it('is handed to the next reading of the same view, and to no other', async () => {
    const { service, clock, readings, previous, settle } = aService();
    service.get(VIEW);
    readings[0]?.answer(anAnswer('t1'));
    await settle();
    clock.advance(15_000);
    service.get({ ...VIEW, percentile: 99 });
    expect(previous.map((one) => one?.observedAt ?? null)).toEqual([null, 't1', null]);
  });
});

describe('a past window', () => {
  const PAST: CompareQuestion = { ...VIEW, end: '2026-01-15T08:00:00.000Z' };

  it('is read once and kept while someone looks; nobody is told that it is new', async () => {
    const { service, clock, readings, ready, settle } = aService();
    service.get(PAST);
    readings[0]?.answer(anAnswer('t1'));
    await settle();
    for (let minute = 0; minute < 4; minute++) {
      clock.advance(20_000);
      expect((await service.get(PAST)).observedAt).toBe('t1');
    }
    expect(readings).toHaveLength(1);
    expect(ready).toEqual([]);
    clock.advance(90_000);
    expect(clock.pending()).toEqual([]);
    service.get(PAST);
    expect(readings).toHaveLength(2);
  });

  it('is read again where Prometheus could not be asked', async () => {
    const { service, clock, readings, settle } = aService();
    service.get(PAST);
    readings[0]?.answer(anAnswer('t1', aSeries({ presence: 'unreachable', points: [] })));
    await settle();
    service.get(PAST);
    clock.advance(30_000);
    expect(readings).toHaveLength(2);
  });

  it('must lie in the past seven days', () => {
    const now = Date.parse('2026-01-15T09:00:00.000Z');
    const checked = (end: string | null) => checkedEnd({ ...VIEW, end }, now).end;
    expect(checked(null)).toBeNull();
    expect(checked('2026-01-15T08:59:00.000Z')).toBe('2026-01-15T08:59:00.000Z');
    for (const end of ['2026-01-15T09:00:06.000Z', '2026-01-08T08:59:59.000Z']) {
      expect(() => checked(end)).toThrow('end: must be a time of the past seven days');
    }
  });
});

it('holds a bounded number of views: the one looked at longest ago makes room', async () => {
  const { service, clock, readings, settle } = aService();
  const at = (minute: number): CompareQuestion => ({
    ...VIEW,
    end: `2026-01-15T08:${String(minute).padStart(2, '0')}:00.000Z`,
  });
  for (let minute = 0; minute < 30; minute++) service.get(at(minute));
  for (const reading of readings) reading.answer(anAnswer('t'));
  await settle();
  service.get(at(29));
  expect(readings).toHaveLength(30);
  service.get(at(0));
  expect(readings).toHaveLength(31);
  clock.advance(1);
});

describe('when Prometheus cannot be asked', () => {
  it.each(['unreachable', 'forbidden'] as const)(
    'keeps the last good curve with its own time: %s',
    (presence) => {
      const gone = aSeries({ presence, absentBecause: 'away', latest: null, points: [], latestAt: null });
      expect(keepLastGood(anAnswer('t1'), anAnswer('t2', gone))).toEqual(
        anAnswer('t2', aSeries({ presence, absentBecause: 'away' })),
      );
    },
  );

  it('does not keep what Prometheus itself says is gone', () => {
    const stale = anAnswer('t2', aSeries({ presence: 'stale', latest: null, points: [] }));
    expect(keepLastGood(anAnswer('t1'), stale)).toEqual(stale);
  });
});
