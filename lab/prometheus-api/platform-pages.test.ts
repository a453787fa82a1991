import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { dcgmPage, type GpuFacts, gpuWatts } from './dcgm-page.ts';
import { type KubeStateFacts, kubeStatePage } from './kube-state-page.ts';
import { instantQuery } from './query-engine.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

const POD = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';
const GPU: GpuFacts = {
  index: 0,
  uuid: 'GPU-7c1e2b53-9f0a-4d38-8f27-0d5d5a3f1e10',
  modelName: 'NVIDIA L4',
  pciBusId: '00000000:31:00.0',
  memoryTotalMiB: 23_034,
  holder: { namespace: 'private-ai', pod: POD, container: 'main' },
  memoryUsedMiB: 20_730,
  decodingRequests: 8,
  isPrefilling: false,
  energyMillijoules: 5_000_000,
};
const FACTS: KubeStateFacts = {
  pods: [
    {
      namespace: 'private-ai',
      name: POD,
      uid: '2c7f',
      node: 'ip-10-0-21-87',
      hostIp: '10.0.21.87',
      podIp: '10.128.2.11',
      owner: { kind: 'ReplicaSet', name: 'mistral-3-distributed-kserve-ftk8wprfxh' },
      phase: 'Running',
      isReady: true,
      labels: { 'llm-d.ai/role': 'both', 'app.kubernetes.io/name': 'mistral-3-distributed' },
      containers: [{ name: 'main', restarts: 1, waitingReason: null, gpuRequest: 1 }],
    },
  ],
  nodes: [
    { name: 'ip-10-0-21-87', allocatableGpus: 1 },
    { name: 'ip-10-0-5-5', allocatableGpus: 0 },
  ],
  deployments: [
    {
      namespace: 'private-ai',
      name: 'mistral-3-distributed-kserve',
      wantedReplicas: 2,
      availableReplicas: 1,
    },
  ],
};

/** The answers after two scrapes, fifteen seconds apart, as the platform's Prometheus scrapes. */
async function afterScrapes(pages: readonly string[], labels: Record<string, string>) {
  const clock = virtualClock();
  const store = new SeriesStore(1e12);
  let page = '';
  const loop = new ScrapeLoop(
    {
      clock,
      scrapeIntervalMs: 15_000,
      targets: () => [{ labels, metricNamePrefix: '', fetchPage: async () => page }],
    },
    store,
  );
  for (page of pages) {
    await loop.scrapeOnce();
    await clock.advance(15_000);
  }
  return (query: string): [Record<string, string>, number][] => {
    const { data } = instantQuery(store, query, clock.nowMs());
    if (data.resultType !== 'vector') throw new Error(`${query} gave a ${data.resultType}`);
    return data.samples.map(({ labels: found, value }) => [found.toObject(), value]);
  };
}

test('a GPU’s page is written as the exporter writes it', () => {
  expect(dcgmPage({ node: 'ip-10-0-21-87', driverVersion: '570.148.08', gpus: [GPU] })).toContain(
    [
      '# HELP DCGM_FI_DEV_FB_USED Framebuffer memory used (in MiB).',
      '# TYPE DCGM_FI_DEV_FB_USED gauge',
      `DCGM_FI_DEV_FB_USED{gpu="0",UUID="${GPU.uuid}",pci_bus_id="00000000:31:00.0",device="nvidia0",modelName="NVIDIA L4",Hostname="ip-10-0-21-87",DCGM_FI_DRIVER_VERSION="570.148.08",container="main",namespace="private-ai",pod="${POD}"} 20730`,
    ].join('\n'),
  );
});

test('the queries of the GPU charts find the workload under exported labels (metrics §7.1)', async () => {
  const page = (energyMillijoules: number): string =>
    dcgmPage({ node: 'n', driverVersion: '570', gpus: [{ ...GPU, energyMillijoules }] });
  const watts = gpuWatts(GPU);
  const ask = await afterScrapes([page(5e6), page(5e6 + watts * 15_000)], {
    job: 'nvidia-dcgm-exporter',
    namespace: 'nvidia-gpu-operator',
    pod: 'nvidia-dcgm-exporter-x7k2p',
    container: 'nvidia-dcgm-exporter',
    instance: '10.128.2.30:9400',
  });
  const workload = 'exported_namespace="private-ai",exported_pod=~"mistral-3-distributed-.+"';
  expect(ask(`max by (exported_pod, gpu) (DCGM_FI_DEV_GPU_UTIL{${workload}})`)).toEqual([
    [{ exported_pod: POD, gpu: '0' }, 100],
  ]);
  expect(ask(`sum by (exported_pod) (DCGM_FI_DEV_FB_USED{${workload}}) * 1048576`)).toEqual([
    [{ exported_pod: POD }, 20_730 * 1_048_576],
  ]);
  const [[, energyWatts] = [{}, 0]] = ask(
    `sum(irate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${workload}}[5m])) / 1000`,
  );
  expect(energyWatts).toBeCloseTo(watts, 6);
  const memory = 'DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE + DCGM_FI_DEV_FB_RESERVED';
  expect(ask(memory).map(([, value]) => value)).toEqual([23_034]);
});

test('decoding keeps the memory busy, prefill the tensor cores, an idle GPU neither', () => {
  const activity = (gpu: Partial<GpuFacts>): number[] =>
    ['TENSOR_ACTIVE', 'DRAM_ACTIVE'].map((name) =>
      Number(
        new RegExp(`^DCGM_FI_PROF_(?:PIPE_)?${name}\\{.* (\\S+)$`, 'm').exec(
          dcgmPage({ node: 'n', driverVersion: '570', gpus: [{ ...GPU, ...gpu }] }),
        )?.[1],
      ),
    );
  expect(activity({ decodingRequests: 8 })).toEqual([0.088, 0.91]);
  expect(activity({ isPrefilling: true })).toEqual([0.39, 0.31]);
  expect(activity({ decodingRequests: 0 })).toEqual([0, 0]);
});

test('kube-state-metrics tells node, phase, readiness, labels, restarts and GPU requests of a pod', async () => {
  const ask = await afterScrapes([kubeStatePage(FACTS)], { job: 'kube-state-metrics' });
  const only = (query: string): unknown => ask(query).map(([, value]) => value);
  expect(only(`kube_pod_info{pod="${POD}",node="ip-10-0-21-87"}`)).toEqual([1]);
  expect(ask('kube_pod_status_phase == 1').map(([{ phase }]) => phase)).toEqual(['Running']);
  expect(only('count(kube_pod_status_phase)')).toEqual([5]);
  expect(ask('kube_pod_status_ready == 1').map(([{ condition }]) => condition)).toEqual(['true']);
  expect(only('kube_pod_labels{label_llm_d_ai_role="both"}')).toEqual([1]);
  expect(only('kube_pod_container_status_restarts_total')).toEqual([1]);
  expect(only('kube_pod_container_resource_requests{resource="nvidia_com_gpu"}')).toEqual([1]);
  expect(only('kube_node_status_allocatable{resource="nvidia_com_gpu"}')).toEqual([1]);
  expect(only('kube_deployment_spec_replicas - kube_deployment_status_replicas_available')).toEqual([1]);
  expect(only('kube_pod_container_status_waiting_reason')).toEqual([]);
});

test('a page without facts is empty', () => {
  expect(kubeStatePage({ pods: [], nodes: [], deployments: [] })).toBe('');
  expect(dcgmPage({ node: 'n', driverVersion: '570', gpus: [] })).toBe('');
});
