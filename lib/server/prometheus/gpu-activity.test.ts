import { describe, expect, it } from 'vitest';
import { gpuQuery, toGpuActivity } from './gpu-activity';
import type { WireQueryData } from './wire';

function vector(...samples: [Record<string, string>, string][]): WireQueryData {
  return {
    resultType: 'vector',
    result: samples.map(([metric, value]) => ({ metric, value: [1_000, value] })),
  };
}

const field = (name: string, labels: Record<string, string>) => ({
  __name__: `DCGM_FI_DEV_${name}`,
  ...labels,
});

describe('GPUs of a pod', () => {
  const a = { exported_pod: 'engine', UUID: 'GPU-a', pod: 'nvidia-dcgm-exporter-1' };
  const b = { exported_pod: 'engine', UUID: 'GPU-b', pod: 'nvidia-dcgm-exporter-1' };

  it('are the busiest one’s utilisation and the memory of all, told once each', () => {
    const figures = vector(
      [field('GPU_UTIL', a), '40'],
      [field('GPU_UTIL', b), '100'],
      [field('FB_USED', a), '20000'],
      [field('FB_USED', b), '20000'],
      [field('FB_USED', { ...b, job: 'again' }), '20000'],
      [field('FB_FREE', a), '2000'],
      [field('FB_FREE', b), '2000'],
      [field('FB_RESERVED', a), '500'],
    );
    expect(toGpuActivity(figures, vector([a, '1766000000']), 'q').get('engine')).toEqual({
      utilizationRatio: 1,
      memoryUsedBytes: 40_000 * 1024 * 1024,
      memoryTotalBytes: 44_500 * 1024 * 1024,
      sampledAt: new Date(1_766_000_000_000).toISOString(),
      promql: 'q',
    });
  });

  it('go by the plain label where the exporter’s labels were honoured', () => {
    const figures = vector([field('GPU_UTIL', { pod: 'engine', gpu: '0' }), '7']);
    expect(toGpuActivity(figures, null, 'q').get('engine')).toMatchObject({
      utilizationRatio: 0.07,
      memoryUsedBytes: null,
      memoryTotalBytes: null,
      sampledAt: null,
    });
  });

  it('that nobody holds belong to no pod', () => {
    expect([
      ...toGpuActivity(vector([field('GPU_UTIL', { exported_pod: '', UUID: 'x' }), '0']), null, 'q'),
    ]).toEqual([]);
  });

  it('are asked for by name, whatever the namespace is called', () => {
    expect(gpuQuery('private-ai')).toBe(
      '{__name__=~"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)",exported_namespace="private-ai"} or {__name__=~"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)",namespace="private-ai"}',
    );
  });
});
