import { describe, expect, it } from 'vitest';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { PrometheusClient } from './client';
import { gpusQuery, readEngineActivity } from './engine-activity';
import { problem } from './problem';
import { takeSurvey } from './survey';
import { aWorld, INT4_POD, SETTINGS, startFakePrometheus } from './testing/fake-prometheus';
import type { WireQueryData } from './wire';

const SAMPLED = Date.UTC(2026, 0, 15, 8, 59, 57) / 1000;

function aSample(labels: Record<string, string>, value: number) {
  return { metric: labels, value: [SAMPLED + 3, String(value)] as [number, string] };
}

/** What the baseline's pod does, where the GPU exporter has these series. */
async function gpuOf(gpus: WireQueryData | null) {
  const clock = createManualClock();
  const { client } = await startFakePrometheus(aWorld({ targets: [{ pod: INT4_POD }] }), clock);
  const survey = await takeSurvey({
    client,
    settings: SETTINGS,
    livePods: { baseline: [], distributed: [] },
    now: clock.now(),
  });
  if (!survey.ok) throw new Error('no survey');
  const withGpus: PrometheusClient = {
    ...client,
    query: async (promql, at, signal) => {
      if (!promql.includes('DCGM')) return client.query(promql, at, signal);
      return gpus === null
        ? { ok: false, problem: problem('forbidden', 403, 'no') }
        : { ok: true, value: gpus, warnings: [], httpStatus: 200 };
    },
  };
  const read = await readEngineActivity(withGpus, survey.survey, clock.now());
  if (!read.ok) throw new Error('no activity');
  return read.activity[0]?.gpu;
}

describe('the GPUs of an engine', () => {
  it('are added, the busiest speaks for their use, and their time is that of the sample', async () => {
    const of = (name: string, gpu: string, value: number) =>
      aSample({ __name__: `DCGM_FI_DEV_${name}`, exported_pod: INT4_POD, gpu, UUID: gpu }, value);
    const gpu = await gpuOf({
      resultType: 'vector',
      result: [
        of('GPU_UTIL', '0', 40),
        of('GPU_UTIL', '1', 97),
        ...['0', '1'].flatMap((index) => [
          of('FB_USED', index, 20_000),
          of('FB_FREE', index, 2_500),
          of('FB_RESERVED', index, 534),
        ]),
        aSample({ exported_pod: INT4_POD }, SAMPLED),
      ],
    });
    expect(gpu).toMatchObject({
      utilizationRatio: 0.97,
      memoryUsedBytes: 40_000 * 1_048_576,
      memoryTotalBytes: 46_068 * 1_048_576,
      sampledAt: '2026-01-15T08:59:57.000Z',
    });
    expect(gpu?.promql).toContain('exported_pod');
  });

  it('are not known where the exporter has no series of the pod, or may not be asked', async () => {
    expect(await gpuOf({ resultType: 'vector', result: [] })).toBeNull();
    expect(await gpuOf(null)).toBeNull();
  });

  it('are asked for under both ways of labelling', () => {
    const promql = gpusQuery({ namespace: 'private-ai', podPattern: 'engine-.+' });
    expect(promql).toContain('exported_namespace="private-ai",exported_pod=~"engine-.+"');
    // Two slices of one GPU are not one.
    expect(promql).toContain('max by (__name__, exported_pod, gpu, UUID, GPU_I_ID)');
    expect(promql).toContain(
      '{__name__=~"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)",namespace="private-ai"',
    );
  });
});
