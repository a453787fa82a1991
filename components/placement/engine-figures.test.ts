import { describe, expect, it } from 'vitest';
import { aPlacement, aPod, NOON } from '@/lib/client/testing/live-fixtures';
import { toEngineFigures } from './engine-figures';

describe('engine figures', () => {
  const activity = {
    pod: aPod().name,
    running: 4,
    waiting: null,
    kvCacheUsageRatio: 0.28,
    tokensPerSecond: null,
    sampledAt: NOON,
    promql: 'vllm:num_requests_running',
    gpu: null,
  };

  it('carry their query and the time of the sample; what is missing stays unknown', () => {
    const figures = toEngineFigures(aPlacement({ activity: [activity] }), aPod());
    expect(figures.running).toMatchObject({
      state: 'known',
      value: 4,
      provenance: { request: 'vllm:num_requests_running', observedAt: NOON, mode: 'simulated' },
    });
    expect(figures.waiting.state).toBe('unknown');
    expect(figures.kvCacheRatio).toBe(0.28);
  });

  it('say that there are no metrics of the pod', () => {
    const figures = toEngineFigures(aPlacement(), aPod());
    expect(figures.running).toMatchObject({ state: 'unknown', because: 'no metrics of this pod yet' });
    expect(figures.kvCacheRatio).toBeNull();
  });
});
