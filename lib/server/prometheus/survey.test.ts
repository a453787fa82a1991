import { describe, expect, it } from 'vitest';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { LivePod } from './arm-pods';
import { type Survey, takeSurvey } from './survey';
import {
  aWorld,
  type FakeWorld,
  INT4_POD,
  LLMD_PODS,
  SETTINGS,
  startFakePrometheus,
} from './testing/fake-prometheus';

const ready = (names: readonly string[]): LivePod[] => names.map((name) => ({ name, ready: true }));
const LIVE_PODS = { baseline: ready([INT4_POD]), distributed: ready(LLMD_PODS) };

async function survey(world: FakeWorld, livePods = LIVE_PODS): Promise<Survey> {
  const clock = createManualClock();
  const { client } = await startFakePrometheus(world, clock);
  const result = await takeSurvey({ client, settings: SETTINGS, livePods, now: clock.now() });
  if (!result.ok) throw new Error(result.problem.message);
  return result.survey;
}

describe('finding out what is scraped', () => {
  it('tells the arms apart by pod name and knows how fresh and how frequent the samples are', async () => {
    const { arms } = await survey(aWorld({ scrapeSeconds: 15 }));
    const now = createManualClock().now();
    expect({ ...arms.distributed, found: arms.distributed.found.length }).toEqual({
      selector: {
        namespace: 'private-ai',
        podPattern:
          'mistral-3-distributed-kserve-(prefill-)?[a-z0-9]+-[a-z0-9]{5}|mistral-3-distributed-kserve-mn-(prefill-)?[0-9]+(-[0-9]+)?',
      },
      found: 26,
      prefix: 'vllm:',
      pods: LLMD_PODS,
      missingPods: [],
      downPods: [],
      duplicateJobs: [],
      newestSampleAt: now - 1000,
      newestSampleByPod: new Map(LLMD_PODS.map((pod) => [pod, now - 1000])),
      scrapeIntervalSeconds: 15,
    });
    expect(arms.baseline.pods).toEqual([INT4_POD]);
  });

  it('takes the renamed series when the plain ones are not there', async () => {
    const { arms } = await survey(aWorld({ targets: [{ pod: INT4_POD, prefix: 'kserve_vllm:' }] }));
    expect(arms.baseline.prefix).toBe('kserve_vllm:');
    expect(arms.distributed.prefix).toBeNull();
  });

  it('prefers the plain prefix, unless the other covers more pods', async () => {
    const [first = '', second = ''] = LLMD_PODS;
    const renamed = LLMD_PODS.map((pod) => ({ pod, prefix: 'kserve_vllm:' as const }));
    const both = await survey(aWorld({ targets: [...LLMD_PODS.map((pod) => ({ pod })), ...renamed] }));
    expect(both.arms.distributed.prefix).toBe('vllm:');
    const partly = await survey(aWorld({ targets: [{ pod: first }, ...renamed] }));
    expect(partly.arms.distributed.prefix).toBe('kserve_vllm:');
    expect(partly.arms.distributed.pods).toEqual([first, second]);
  });

  it('names the jobs that deliver the same series of a pod twice', async () => {
    const twice = LLMD_PODS.map((pod) => ({ pod, job: 'second-monitor' }));
    const { arms } = await survey(aWorld({ targets: [...aWorld().targets, ...twice] }));
    expect(arms.distributed.duplicateJobs).toEqual(['engines', 'second-monitor']);
    expect(arms.baseline.duplicateJobs).toEqual([]);
  });

  it('names ready pods without series and targets that are down, but not pods that still start', async () => {
    const [first = '', second = ''] = LLMD_PODS;
    const world = aWorld({ targets: [{ pod: first }, { pod: second, isLive: false, isUp: false }] });
    const { arms } = await survey(world, {
      ...LIVE_PODS,
      distributed: [
        ...LIVE_PODS.distributed,
        { name: 'mistral-3-distributed-kserve-7f9c-ddddd', ready: false },
      ],
    });
    expect(arms.distributed).toMatchObject({ pods: [first], missingPods: [second], downPods: [second] });
  });

  it('adds live pods to the matcher that are not named as expected', async () => {
    const { arms } = await survey(aWorld(), { ...LIVE_PODS, baseline: ready(['my.engine-0']) });
    expect(arms.baseline.selector.podPattern).toBe('mistral-3-int4-predictor-.+|my\\.engine-0');
    expect(arms.baseline.missingPods).toEqual(['my.engine-0']);
  });

  it('knows no scrape interval from a single sample', async () => {
    const clock = createManualClock();
    const world = aWorld();
    const fake = await startFakePrometheus(world, clock);
    const result = await takeSurvey({
      client: {
        ...fake.client,
        query: async (promql, at) => {
          const reply = await fake.client.query(promql, at);
          if (!reply.ok || reply.value.resultType !== 'matrix') return reply;
          const result = reply.value.result.map(({ metric, values }) => ({
            metric,
            values: values?.slice(-1),
          }));
          return { ...reply, value: { resultType: 'matrix', result } };
        },
      },
      settings: SETTINGS,
      livePods: LIVE_PODS,
      now: clock.now(),
    });
    expect(result.ok && result.survey.arms.baseline.scrapeIntervalSeconds).toBeNull();
  });
});
