import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createServedByTracker, type ServedBy } from './served-by';
import { takeSurvey } from './survey';
import { aWorld, type FakeWorld, LLMD_PODS, SETTINGS, startFakePrometheus } from './testing/fake-prometheus';

const [FIRST = '', SECOND = ''] = LLMD_PODS;

/** Ended requests per pod, before the answer and now. */
async function tracking(
  before: Record<string, number>,
  after: Record<string, number>,
  world: FakeWorld = aWorld(),
  readyPods: readonly string[] = [],
) {
  const clock: ManualClock = createManualClock();
  const fake = await startFakePrometheus(world, clock);
  const sentAt = clock.now();
  const found: ServedBy[] = [];
  const livePods = { baseline: [], distributed: readyPods.map((name) => ({ name, ready: true })) };
  const look = () => takeSurvey({ client: fake.client, settings: SETTINGS, livePods, now: clock.now() });
  let survey = await look();
  const tracker = createServedByTracker({
    clock,
    survey: () => survey,
    onFound: (served) => found.push(served),
    client: {
      ...fake.client,
      query: async (promql, atSeconds) => {
        expect(promql).toContain(
          'sum by (pod) (max by (pod, engine, finished_reason) (vllm:request_success_total{',
        );
        const counts = atSeconds * 1000 < sentAt ? before : after;
        const result = Object.entries(counts).map(([pod, count]) => ({
          metric: { pod },
          value: [atSeconds, String(count)] as [number, string],
        }));
        return { ok: true, value: { resultType: 'vector', result }, warnings: [], httpStatus: 200 };
      },
    },
  });
  return {
    clock,
    found,
    sentAt,
    tracker,
    async pass(milliseconds: number) {
      clock.advance(milliseconds);
      survey = await look();
      await tracker.check();
    },
  };
}

const ANSWER = { requestId: 'request-1', arm: 'distributed' as const };

describe('finding the pod that served an answer', () => {
  it('names it when its counter alone moved, by one, once every pod was scraped again', async () => {
    const { tracker, found, pass, sentAt } = await tracking(
      { [FIRST]: 10, [SECOND]: 4 },
      { [FIRST]: 10, [SECOND]: 5 },
    );
    tracker.track({ ...ANSWER, sentAt, endedAt: sentAt + 4_000 });
    await pass(5_000);
    expect(found).toEqual([]);
    await pass(5_000);
    expect(found).toEqual([
      {
        requestId: 'request-1',
        pod: SECOND,
        method: 'per-pod counter: the only request of this arm that ended between two scrapes',
      },
    ]);
    await pass(5_000);
    expect(found).toHaveLength(1);
  });

  it.each([
    ['other requests ended, too', { [FIRST]: 10, [SECOND]: 4 }, { [FIRST]: 11, [SECOND]: 5 }],
    ['one pod ended two', { [FIRST]: 10, [SECOND]: 4 }, { [FIRST]: 12, [SECOND]: 4 }],
    ['none was counted', { [FIRST]: 10, [SECOND]: 4 }, { [FIRST]: 10, [SECOND]: 4 }],
    ['a pod restarted', { [FIRST]: 1, [SECOND]: 4 }, { [FIRST]: 0, [SECOND]: 5, third: 0 }],
    [
      'a restart hides one of two',
      { [FIRST]: 1, [SECOND]: 4, third: 3 },
      { [FIRST]: 0, [SECOND]: 5, third: 4 },
    ],
    ['a pod is new', { [FIRST]: 10 }, { [FIRST]: 10, [SECOND]: 1 }],
    [
      'a pod is gone that may have answered',
      { [FIRST]: 10, [SECOND]: 4, third: 7 },
      { [FIRST]: 10, [SECOND]: 5 },
    ],
    ['a pod counts under another name', { [SECOND]: 4 }, { [SECOND]: 5 }],
  ])('stays silent when %s', async (_case, before, after) => {
    const { tracker, found, pass, sentAt } = await tracking(before, after);
    tracker.track({ ...ANSWER, sentAt, endedAt: sentAt + 1_000 });
    await pass(10_000);
    expect(found).toEqual([]);
  });

  it('stays silent while a ready pod is not scraped: it may have answered', async () => {
    const unscraped = 'mistral-3-distributed-kserve-7f9c-zzzzz';
    const counts = [
      { [FIRST]: 10, [SECOND]: 4 },
      { [FIRST]: 10, [SECOND]: 5 },
    ] as const;
    const told = async (readyPods: readonly string[]): Promise<ServedBy[]> => {
      const { tracker, found, pass, sentAt } = await tracking(...counts, aWorld(), readyPods);
      tracker.track({ ...ANSWER, sentAt, endedAt: sentAt + 1_000 });
      await pass(10_000);
      return found;
    };
    expect(await told([...LLMD_PODS, unscraped])).toEqual([]);
    expect((await told(LLMD_PODS)).map(({ pod }) => pod)).toEqual([SECOND]);
  });

  it('gives up after a while without a scrape', async () => {
    const world = aWorld();
    const { tracker, found, pass, sentAt } = await tracking({ [FIRST]: 0 }, { [FIRST]: 1 }, world);
    tracker.track({ ...ANSWER, sentAt, endedAt: sentAt });
    for (const target of world.targets) target.sampleAgeSeconds = 95;
    await pass(91_000);
    for (const target of world.targets) target.sampleAgeSeconds = 1;
    await pass(5_000);
    expect(found).toEqual([]);
  });
});
