import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import type { EngineActivity, Placement, PlacementPod } from '@/lib/domain/placement';

export interface EngineFigures {
  running: Figure;
  waiting: Figure;
  kvCache: Figure;
  tokens: Figure;
  gpu: Figure;
  gpuMemory: Figure;
  /** Height of the fill, 0 to 1; `null` where it is not known. */
  kvCacheRatio: number | null;
}

/** What an engine does now, each number with how we know it. */
export function toEngineFigures(placement: Placement, pod: PlacementPod): EngineFigures {
  const activity: EngineActivity | undefined = placement.activity.find((one) => one.pod === pod.name);
  const because =
    activity === undefined
      ? 'no metrics of this pod yet'
      : 'the engine does not report it, or the sample is too old';
  const provenance = (note: string): Provenance => ({
    mode: placement.mode,
    source: 'prometheus',
    request: activity?.promql ?? `{pod="${pod.name}"}`,
    observedAt: activity?.sampledAt ?? null,
    sampleCount: null,
    note,
  });
  return {
    running: toFigure(
      activity?.running ?? null,
      'requests',
      provenance('Requests in the engine’s batch at the last scrape (vllm:num_requests_running).'),
      because,
    ),
    waiting: toFigure(
      activity?.waiting ?? null,
      'requests',
      provenance('Requests in the engine’s queue at the last scrape (vllm:num_requests_waiting).'),
      because,
    ),
    kvCache: toFigure(
      activity?.kvCacheUsageRatio ?? null,
      'ratio',
      provenance(
        'KV-cache blocks held by requests now, of all blocks. Cached blocks that nobody uses count as free.',
      ),
      because,
    ),
    tokens: toFigure(
      activity?.tokensPerSecond ?? null,
      'tokens/s',
      provenance(
        'Output tokens per second of this pod, over the last scrapes (vllm:generation_tokens_total).',
      ),
      because,
    ),
    ...toGpuFigures(placement, pod, activity),
    kvCacheRatio: activity?.kvCacheUsageRatio ?? null,
  };
}

/** The exporter lives in another namespace, so its series are seen on the cluster-wide port only (metrics §4). */
const NO_DCGM = 'no DCGM series of this pod (GPU operator’s exporter, cluster-wide Prometheus port only)';

function toGpuFigures(
  placement: Placement,
  pod: PlacementPod,
  activity: EngineActivity | undefined,
): Pick<EngineFigures, 'gpu' | 'gpuMemory'> {
  const gpu = activity?.gpu ?? null;
  const provenance = (note: string): Provenance => ({
    mode: placement.mode,
    source: 'prometheus',
    request: gpu?.promql ?? `DCGM_FI_DEV_GPU_UTIL{exported_pod="${pod.name}"}`,
    observedAt: gpu?.sampledAt ?? null,
    sampleCount: null,
    note,
  });
  return {
    gpu: toFigure(
      gpu?.utilizationRatio ?? null,
      'ratio',
      provenance(
        'Share of time in which any kernel ran, of the busiest GPU. Near 100 % under any decoding: it says busy, not how busy.',
      ),
      NO_DCGM,
    ),
    gpuMemory: toFigure(
      gpu?.memoryUsedBytes == null ? null : gpu.memoryUsedBytes / BYTES_PER_GIB,
      'GiB',
      provenance(
        `Framebuffer in use${gpu?.memoryTotalBytes == null ? '' : ` of ${(gpu.memoryTotalBytes / BYTES_PER_GIB).toFixed(1)} GiB`}. The engine takes it at its start, so it is flat afterwards.`,
      ),
      NO_DCGM,
    ),
  };
}

const BYTES_PER_GIB = 1024 ** 3;
