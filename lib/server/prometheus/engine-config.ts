import 'server-only';
import type { ArmSelector } from './queries';
import { matchers } from './queries';
import type { WireLabels, WireQueryData } from './wire';

/** Static configuration that the engines publish as labels (metrics §2.3); the label set changes between versions. */
export function engineConfigQuery(selector: ArmSelector): string {
  return `{__name__=~"(kserve_)?vllm:cache_config_info",${matchers(selector)}}`;
}

/** What shapes an arm's results, by name in words; pods that differ are all named. */
export function toEngineProperties(
  data: WireQueryData,
  belongs: (pod: string) => boolean,
): Record<string, string | null> {
  const labels = data.resultType === 'vector' ? data.result.map(({ metric }) => metric) : [];
  const own = labels.filter(({ pod }) => pod !== undefined && belongs(pod));
  return {
    'KV-cache type': distinct(own, ({ cache_dtype }) => cache_dtype),
    'KV-cache tokens': capacityTokens(own),
    'GPU memory share': distinct(own, ({ gpu_memory_utilization }) => gpu_memory_utilization),
    'Prefix caching': distinct(own, ({ enable_prefix_caching }) => enable_prefix_caching?.toLowerCase()),
  };
}

function distinct(
  pods: readonly WireLabels[],
  read: (labels: WireLabels) => string | undefined,
): string | null {
  const values = [...new Set(pods.flatMap((labels) => read(labels) ?? []))].sort();
  return values.length === 0 ? null : values.join(', ');
}

/** Blocks × block size, added over pods; one pod may be scraped twice. */
function capacityTokens(pods: readonly WireLabels[]): string | null {
  const byEngine = new Map<string, number>();
  for (const { pod, engine, num_gpu_blocks, block_size } of pods) {
    const tokens = Number(num_gpu_blocks ?? Number.NaN) * Number(block_size ?? Number.NaN);
    if (Number.isFinite(tokens)) byEngine.set(`${pod} ${engine}`, tokens);
  }
  const total = [...byEngine.values()].reduce((sum, tokens) => sum + tokens, 0);
  return byEngine.size === 0 ? null : String(total);
}
