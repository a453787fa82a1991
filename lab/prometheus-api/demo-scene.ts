/** For tests: the demo's engines and picker in virtual time, scraped as on the cluster, and their GPUs. */
import { type VirtualClock, virtualClock } from '../clock.ts';
import { createEndpointPicker } from '../inference-api/endpoint-picker.ts';
import { type EngineServer, startEngineServer } from '../inference-api/engine-fixture.ts';
import type { ScrapeTarget } from '../parts.ts';
import { dcgmPage, gpuWatts } from './dcgm-page.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

export const BASELINE_POD = 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk';
export const DISTRIBUTED_PODS = [
  'mistral-3-distributed-kserve-ftk8wprfxh-llv5b',
  'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr',
] as const;
const PODS = [BASELINE_POD, ...DISTRIBUTED_PODS];
const NAMESPACE = { namespace: 'private-ai', prometheus: 'openshift-user-workload-monitoring/user-workload' };
const SCRAPE_INTERVAL_MS = 5000;

export interface DemoScene {
  store: SeriesStore;
  clock: VirtualClock;
  /** Each of so many users asks both arms one question; scraped until all are answered. */
  load(users: number): Promise<void>;
  /** Nothing is asked; scraped all the while. */
  idle(seconds: number): Promise<void>;
  /** A pod is gone: its target fails from now on. */
  lose(pod: string): Promise<void>;
  /** Every engine refuses so many requests: they ask for a model that it does not serve. */
  refuse(requests: number): Promise<void>;
  /** A lost pod answers again, with counters at zero; perhaps of another release. */
  restart(pod: string, version?: string): Promise<void>;
  close(): Promise<void>;
}

/** One baseline and two distributed engines, the latter scraped twice as on the cluster, and a picker. */
export async function startDemoScene(clock: VirtualClock = virtualClock()): Promise<DemoScene> {
  const store = new SeriesStore(3_600_000);
  const servers = new Map<string, EngineServer>();
  const start = async (pod: string, seed: number, version = '0.10.1.1'): Promise<void> => {
    const own = pod === BASELINE_POD ? { servedModelName: 'mistral-3-int4' } : {};
    servers.set(pod, await startEngineServer({ podName: pod, seed, version, ...own }, clock));
  };
  for (const [index, pod] of PODS.entries()) await start(pod, index + 1);
  const picker = createEndpointPicker({
    poolName: 'mistral-3-distributed-inference-pool',
    clock,
    endpoints: () => DISTRIBUTED_PODS.flatMap((pod) => servers.get(pod)?.engine ?? []),
  });

  const engineTargets = PODS.flatMap((pod, index): ScrapeTarget[] => {
    const fetchPage = async (): Promise<string> => {
      const server = servers.get(pod);
      if (server === undefined) throw new Error('connection refused');
      return server.engine.metricsText();
    };
    const own = { ...NAMESPACE, pod, instance: `10.128.2.${index}:8000` };
    if (pod === BASELINE_POD) {
      return [{ labels: { ...own, job: 'mistral-3-int4-metrics' }, metricNamePrefix: '', fetchPage }];
    }
    return [
      {
        labels: { ...own, job: 'mistral-3-distributed-kserve-workload-svc' },
        metricNamePrefix: '',
        fetchPage,
      },
      {
        labels: { ...own, job: 'private-ai/kserve-llm-isvc-vllm-engine' },
        metricNamePrefix: 'kserve_',
        fetchPage,
      },
    ];
  });
  const scheduler: ScrapeTarget = {
    labels: {
      ...NAMESPACE,
      job: 'mistral-3-distributed-epp-service',
      pod: 'mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr',
      instance: '10.128.2.9:9090',
    },
    metricNamePrefix: 'kserve_',
    fetchPage: async () => picker.metricsText(),
  };
  const gpuExporter: ScrapeTarget = {
    labels: {
      namespace: 'nvidia-gpu-operator',
      job: 'nvidia-dcgm-exporter',
      pod: 'nvidia-dcgm-exporter-x7k2p',
      container: 'nvidia-dcgm-exporter',
      instance: '10.128.2.30:9400',
    },
    metricNamePrefix: '',
    fetchPage: async () => gpuPage(),
  };
  /** Millijoules so far, by pod. */
  const energy = new Map<string, number>();
  const gpuPage = (): string =>
    dcgmPage({
      node: 'ip-10-0-17-203',
      driverVersion: '570.148.08',
      gpus: PODS.map((pod, index) => {
        const load = {
          decodingRequests: servers.get(pod)?.engine.snapshot().running ?? 0,
          isPrefilling: false,
        };
        const energyMillijoules = (energy.get(pod) ?? 4e6) + gpuWatts(load) * SCRAPE_INTERVAL_MS;
        energy.set(pod, energyMillijoules);
        return {
          index,
          uuid: `GPU-${index}`,
          modelName: 'NVIDIA L4',
          pciBusId: `00000000:3${index}:00.0`,
          memoryTotalMiB: 23_034,
          holder: { namespace: 'private-ai', pod, container: 'main' },
          memoryUsedMiB: 20_730,
          energyMillijoules,
          ...load,
        };
      }),
    });
  const targets = [...engineTargets, scheduler, gpuExporter];
  const loop = new ScrapeLoop({ clock, scrapeIntervalMs: SCRAPE_INTERVAL_MS, targets: () => targets }, store);

  const ask = async (model: string, user: number): Promise<void> => {
    const content = `Explain llm-d to user ${user}. ${'It is a long story. '.repeat(10)}`;
    const picked = model === 'mistral-3-distributed' ? picker.pick(model, content) : null;
    const server = servers.get(picked?.podName ?? BASELINE_POD);
    if (server === undefined) throw new Error('no engine to ask');
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content }],
        max_tokens: 100,
        ignore_eos: true,
      }),
    });
    const { usage } = (await response.json()) as {
      usage: { prompt_tokens: number; completion_tokens: number };
    };
    picked?.finished({
      statusCode: response.status,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    });
  };
  const nextScrape = async (): Promise<void> => {
    await loop.scrapeOnce();
    for (let passedMs = 0; passedMs < SCRAPE_INTERVAL_MS; passedMs += 100) await clock.advance(100);
  };

  return {
    store,
    clock,
    load: async (users) => {
      let isAnswered = false;
      const work = Promise.all(
        Array.from({ length: users }, (_, user) => [
          ask('mistral-3-int4', user),
          ask('mistral-3-distributed', user),
        ]).flat(),
      ).finally(() => {
        isAnswered = true;
      });
      while (!isAnswered) await nextScrape();
      await work;
      await loop.scrapeOnce();
    },
    idle: async (seconds) => {
      const untilMs = clock.nowMs() + seconds * 1000;
      await clock.advance(SCRAPE_INTERVAL_MS);
      while (clock.nowMs() < untilMs) await nextScrape();
      await loop.scrapeOnce();
    },
    lose: async (pod) => {
      await servers.get(pod)?.close();
      servers.delete(pod);
      // A series cannot end at the very time of its last sample.
      await clock.advance(SCRAPE_INTERVAL_MS);
    },
    refuse: async (requests) => {
      for (const { url } of servers.values()) {
        for (let count = 0; count < requests; count++) {
          await fetch(`${url}/v1/completions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ model: 'nobody-serves-this', prompt: 'Hello' }),
          });
        }
      }
      await nextScrape();
    },
    restart: (pod, version) => start(pod, PODS.indexOf(pod) + 101, version),
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}
