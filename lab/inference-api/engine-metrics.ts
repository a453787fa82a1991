import type { EngineOptions } from '../parts.ts';
import { Histogram } from './histogram.ts';
import {
  BUCKET_EDGES,
  type BucketKind,
  type CounterName,
  compareVersions,
  type GaugeName,
  type HistogramName,
  isExportedBy,
  METRIC_FAMILIES,
  type MetricFamily,
  splitValues,
  tokenCountEdges,
} from './metric-families.ts';
import type { Labels, PythonPage } from './page-writer.ts';

/** Families are registered one after the other: that far apart lie their `_created` times. */
const REGISTRATION_GAP_SECONDS = 1.7e-5;

/** The engine's own figures, kept by the names of the table and written in its order. */
export class EngineMetrics {
  private readonly families: readonly MetricFamily[];
  private readonly version: string;
  private readonly labels: Labels;
  private readonly cacheConfig: Labels;
  private readonly createdSeconds: number;
  private readonly gauges = new Map<string, number>();
  private readonly counters = new Map<string, number>();
  private readonly histograms = new Map<string, Histogram>();

  constructor(options: EngineOptions, createdMs: number) {
    this.families = METRIC_FAMILIES.filter(
      (family: MetricFamily) =>
        isExportedBy(options.version, family) && (family.needs === undefined || options.transfersKv === true),
    );
    this.version = options.version;
    this.labels = { engine: '0', model_name: options.servedModelName };
    this.cacheConfig = cacheConfigLabels(options);
    this.createdSeconds = createdMs / 1000;
    this.setGauge('engine_sleep_state', 1, 'awake');
    const edges = (kind: BucketKind): readonly number[] =>
      kind === 'tokenCount' ? tokenCountEdges(options.maxModelLen) : BUCKET_EDGES[kind];
    for (const family of this.families) {
      if (family.type === 'histogram') this.histograms.set(family.name, new Histogram(edges(family.buckets)));
    }
  }

  gauge(name: GaugeName): number {
    return this.gauges.get(keyOf(name, '')) ?? 0;
  }

  setGauge(name: GaugeName, value: number, splitValue = ''): void {
    this.gauges.set(keyOf(name, splitValue), value);
  }

  count(name: CounterName, amount: number, splitValue = ''): void {
    const key = keyOf(name, splitValue);
    this.counters.set(key, (this.counters.get(key) ?? 0) + amount);
  }

  counter(name: CounterName, splitValue = ''): number {
    return this.counters.get(keyOf(name, splitValue)) ?? 0;
  }

  /** A family the imitated release does not export is not kept either. */
  observe(name: HistogramName, value: number): void {
    this.histograms.get(name)?.observe(value);
  }

  histogram(name: HistogramName): Histogram | undefined {
    return this.histograms.get(name);
  }

  writeTo(page: PythonPage): void {
    let registered = 0;
    const created = (): number => this.createdSeconds + REGISTRATION_GAP_SECONDS * registered++;
    for (const family of this.families) {
      const name = `vllm:${family.name}`;
      switch (family.type) {
        case 'gauge':
          page.family(name, family.help, 'gauge');
          for (const [value, labels] of this.seriesOf(family)) {
            page.sample(name, labels, this.gauges.get(keyOf(family.name, value)) ?? 0);
          }
          break;
        case 'counter': {
          const series = this.seriesOf(family);
          page.family(`${name}_total`, family.help, 'counter');
          for (const [value, labels] of series) {
            page.sample(`${name}_total`, labels, this.counters.get(keyOf(family.name, value)) ?? 0);
          }
          page.family(`${name}_created`, family.help, 'gauge');
          for (const [, labels] of series) page.sample(`${name}_created`, labels, created());
          break;
        }
        case 'histogram': {
          const histogram = this.histograms.get(family.name);
          page.family(name, family.help, 'histogram');
          if (histogram !== undefined) page.histogram(name, this.labels, histogram);
          page.family(`${name}_created`, family.help, 'gauge');
          page.sample(`${name}_created`, this.labels, created());
          break;
        }
        case 'info':
          page.family(name, family.help, 'gauge');
          page.sample(name, this.cacheConfig, 1);
          break;
        default:
          family satisfies never;
      }
    }
  }

  /** Value of the split label, and all labels of its series. */
  private seriesOf(family: Extract<MetricFamily, { type: 'gauge' | 'counter' }>): [string, Labels][] {
    const { splitBy } = family;
    if (splitBy === undefined) return [['', this.labels]];
    return splitValues(this.version, family).map((value) => [
      value,
      { ...this.labels, [splitBy.label]: value },
    ]);
  }
}

function keyOf(name: string, splitValue: string): string {
  return `${name}/${splitValue}`;
}

/** First release with the newer label set; where exactly it changed is not known (metrics §2.3, §14). */
const NEWER_CONFIG_SINCE = '0.16';

/** Static configuration as labels: the sets of vLLM 0.10.1 and 0.21. */
function cacheConfigLabels(options: EngineOptions): Labels {
  const common = {
    block_size: '16',
    cache_dtype: options.cacheDtype,
    calculate_kv_scales: 'False',
    enable_prefix_caching: 'True',
    engine: '0',
    gpu_memory_utilization: String(options.gpuMemoryUtilization),
    is_attention_free: 'False',
    kv_sharing_fast_prefill: 'False',
    mamba_cache_dtype: 'auto',
    mamba_page_size_padded: 'None',
    mamba_ssm_cache_dtype: 'auto',
    num_cpu_blocks: 'None',
    num_gpu_blocks: String(options.numGpuBlocks),
    num_gpu_blocks_override: 'None',
    sliding_window: 'None',
  };
  if (compareVersions(options.version, NEWER_CONFIG_SINCE) < 0) {
    return {
      ...common,
      cpu_kvcache_space_bytes: 'None',
      cpu_offload_gb: '0.0',
      prefix_caching_hash_algo: 'builtin',
      swap_space: '4.0',
      swap_space_bytes: '4294967296',
    };
  }
  return {
    ...common,
    _block_size_resolved: 'True',
    hash_block_size: 'None',
    kv_cache_dtype_skip_layers: '[]',
    kv_cache_memory_bytes: 'None',
    kv_offloading_backend: 'native',
    kv_offloading_size: 'None',
    mamba_block_size: 'None',
    mamba_cache_mode: 'none',
    prefix_caching_hash_algo: 'sha256',
    user_specified_block_size: 'False',
    user_specified_mamba_block_size: 'False',
  };
}
