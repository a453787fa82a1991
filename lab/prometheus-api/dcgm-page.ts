/** The page of NVIDIA's DCGM exporter on one node (metrics §4, figures of the L4 §13.4). */
import { type GoFamily, goPage } from './go-page.ts';

export interface GpuFacts {
  /** Index on the node. */
  index: number;
  uuid: string;
  /** `NVIDIA L4`. */
  modelName: string;
  pciBusId: string;
  memoryTotalMiB: number;
  /** Who holds the GPU; null when nobody does. */
  holder: { namespace: string; pod: string; container: string } | null;
  /** vLLM takes its share at start, so this is flat while it runs. */
  memoryUsedMiB: number;
  /** Requests in the engine's batch, and whether a prompt is being read: they decide how busy the GPU looks. */
  decodingRequests: number;
  isPrefilling: boolean;
  /** Since the driver was loaded. */
  energyMillijoules: number;
}

export interface DcgmFacts {
  node: string;
  driverVersion: string;
  gpus: readonly GpuFacts[];
}

/** Held back by the driver on an L4: visible memory is 23 034 MiB of which this never shows as used or free. */
const RESERVED_MIB = 458;
const IDLE_WATTS = 16.5;
const LIMIT_WATTS = 72;

type Figure = GoFamily & { of(gpu: GpuFacts): number };

/** The exporter's default list, as far as the charts need it, in its order. */
const FIGURES: readonly Figure[] = [
  gauge('DCGM_FI_DEV_SM_CLOCK', 'SM clock frequency (in MHz).', (gpu) => (isBusy(gpu) ? 2040 : 210)),
  gauge('DCGM_FI_DEV_GPU_TEMP', 'GPU temperature (in C).', (gpu) => Math.round(30 + gpuWatts(gpu) * 0.58)),
  gauge('DCGM_FI_DEV_POWER_USAGE', 'Power draw (in W).', gpuWatts),
  {
    name: 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
    help: 'Total energy consumption since boot (in mJ).',
    type: 'counter',
    of: ({ energyMillijoules }) => energyMillijoules,
  },
  gauge('DCGM_FI_DEV_GPU_UTIL', 'GPU utilization (in %).', (gpu) => (isBusy(gpu) ? 100 : 0)),
  gauge('DCGM_FI_DEV_MEM_COPY_UTIL', 'Memory utilization (in %).', (gpu) =>
    Math.round(dramActive(gpu) * 100),
  ),
  gauge('DCGM_FI_DEV_XID_ERRORS', 'Value of the last XID error encountered.', () => 0),
  gauge('DCGM_FI_DEV_FB_FREE', 'Framebuffer memory free (in MiB).', (gpu) =>
    Math.max(0, gpu.memoryTotalMiB - RESERVED_MIB - gpu.memoryUsedMiB),
  ),
  gauge('DCGM_FI_DEV_FB_USED', 'Framebuffer memory used (in MiB).', ({ memoryUsedMiB }) => memoryUsedMiB),
  gauge('DCGM_FI_DEV_FB_RESERVED', 'Framebuffer memory reserved (in MiB).', () => RESERVED_MIB),
  gauge('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'Ratio of time the graphics engine is active.', (gpu) =>
    isBusy(gpu) ? 0.996 : 0,
  ),
  gauge('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'Ratio of cycles the tensor (HMMA) pipe is active.', tensorActive),
  gauge(
    'DCGM_FI_PROF_DRAM_ACTIVE',
    'Ratio of cycles the device memory interface is active sending or receiving data.',
    dramActive,
  ),
];

/** Labels as the exporter writes them: the workload's are its own, scraping makes them `exported_…`. */
export function dcgmPage({ node, driverVersion, gpus }: DcgmFacts): string {
  return goPage(
    FIGURES.map(({ of, ...family }) => ({
      ...family,
      samples: gpus.map((gpu): [Record<string, string>, number] => [
        {
          gpu: String(gpu.index),
          UUID: gpu.uuid,
          pci_bus_id: gpu.pciBusId,
          device: `nvidia${gpu.index}`,
          modelName: gpu.modelName,
          Hostname: node,
          DCGM_FI_DRIVER_VERSION: driverVersion,
          container: gpu.holder?.container ?? '',
          namespace: gpu.holder?.namespace ?? '',
          pod: gpu.holder?.pod ?? '',
        },
        of(gpu),
      ]),
    })),
  );
}

/** Watts, to integrate energy with. */
export function gpuWatts(gpu: Pick<GpuFacts, 'decodingRequests' | 'isPrefilling'>): number {
  if (gpu.isPrefilling) return LIMIT_WATTS - 0.4;
  if (gpu.decodingRequests === 0) return IDLE_WATTS;
  return Math.min(LIMIT_WATTS - 1, 62 + 0.3 * gpu.decodingRequests);
}

function isBusy({ decodingRequests, isPrefilling }: GpuFacts): boolean {
  return isPrefilling || decodingRequests > 0;
}

/** Prompts are computed in the tensor cores: 39 % of the peak (metrics §13.2); decoding one token a request hardly uses them. */
function tensorActive(gpu: GpuFacts): number {
  if (gpu.isPrefilling) return 0.39;
  return Math.min(0.3, 0.011 * gpu.decodingRequests);
}

/** Decoding reads all weights in every step: 47.6 of 51 ms (metrics §13.2). */
function dramActive(gpu: GpuFacts): number {
  if (gpu.isPrefilling) return 0.31;
  return gpu.decodingRequests === 0 ? 0 : 0.91;
}

function gauge(name: string, help: string, of: (gpu: GpuFacts) => number): Figure {
  return { name, help, type: 'gauge', of };
}
