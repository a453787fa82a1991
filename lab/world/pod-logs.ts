/** What containers print: vLLM's start-up, then its statistics line every ten seconds while it works. */
import type { PodLogs } from '../kubernetes-api/context.ts';
import type { Engine } from '../parts.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { type EngineHost, type EnginePlan, enginePlanOf } from './engines.ts';
import type { Pod } from './workload-types.ts';

interface Line {
  atMs: number;
  text: string;
}

const STATISTICS_MS = 10_000;

function stamp(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(5, 10)} ${iso.slice(11, 19)}`;
}

/** vLLM's lines between start and readiness, spread over the load. */
function startLines({ options, port, scheme }: EnginePlan, startedMs: number, readyMs: number): Line[] {
  const at = (share: number): number => startedMs + (readyMs - startedMs) * share;
  const tokens = options.numGpuBlocks * 16;
  const info = (share: number, file: string, text: string): Line => ({
    atMs: at(share),
    text: `INFO ${stamp(at(share))} [${file}] ${text}`,
  });
  const plain = (share: number, text: string): Line => ({ atMs: at(share), text: `INFO:     ${text}` });
  return [
    info(0.02, '__init__.py:241', 'Automatically detected platform cuda.'),
    info(0.04, 'api_server.py:1805', `vLLM API server version ${options.version}`),
    info(0.08, 'config.py:1604', `Using max model len ${options.maxModelLen}`),
    info(0.1, 'config.py:2434', 'Chunked prefill is enabled with max_num_batched_tokens=2048.'),
    info(0.2, 'core.py:526', 'Waiting for init message from front-end.'),
    info(0.24, 'gpu_model_runner.py:1953', 'Starting to load model /mnt/models...'),
    info(
      0.7,
      'default_loader.py:262',
      `Loading weights took ${((at(0.7) - at(0.24)) / 1000).toFixed(2)} seconds`,
    ),
    info(
      0.72,
      'gpu_model_runner.py:2007',
      `Model loading took 13.2 GiB and ${((at(0.72) - at(0.24)) / 1000).toFixed(6)} seconds`,
    ),
    info(0.85, 'gpu_worker.py:276', 'Available KV cache memory found'),
    info(0.86, 'kv_cache_utils.py:849', `GPU KV cache size: ${tokens.toLocaleString('en-US')} tokens`),
    info(
      0.87,
      'kv_cache_utils.py:853',
      `Maximum concurrency for ${options.maxModelLen.toLocaleString('en-US')} tokens per request: ${(tokens / options.maxModelLen).toFixed(2)}x`,
    ),
    info(0.98, 'api_server.py:1879', `Starting vLLM API server 0 on ${scheme}://0.0.0.0:${port}`),
    plain(0.99, 'Started server process [1]'),
    plain(0.99, 'Waiting for application startup.'),
    plain(1, 'Application startup complete.'),
  ];
}

function counter(page: string, name: string): number {
  return [...page.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'gm'))].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
}

interface Totals {
  prompt: number;
  generation: number;
  queries: number;
  hits: number;
}

function totalsOf(engine: Engine): Totals {
  const page = engine.metricsText();
  return {
    prompt: counter(page, 'vllm:prompt_tokens_total'),
    generation: counter(page, 'vllm:generation_tokens_total'),
    queries: counter(page, 'vllm:prefix_cache_queries_total'),
    hits: counter(page, 'vllm:prefix_cache_hits_total'),
  };
}

export function createPodLogs(cluster: ClusterAccess, engines: EngineHost): PodLogs {
  const linesSoFar = (pod: Pod, container: string): Line[] => {
    const status = pod.status.containerStatuses?.find(({ name }) => name === container);
    const startedMs = Date.parse(
      status?.state.running?.startedAt ?? status?.state.terminated?.startedAt ?? '',
    );
    const plan = enginePlanOf(pod);
    if (plan === null || plan.container !== container || Number.isNaN(startedMs)) return [];
    const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
    const nowMs = cluster.clock.nowMs();
    const readyMs =
      ready?.status === 'True'
        ? Date.parse(ready.lastTransitionTime ?? '')
        : Math.max(nowMs + 1000, startedMs + 60_000);
    return startLines(plan, startedMs, readyMs).filter(({ atMs }) => atMs <= nowMs);
  };

  return {
    stream: (object, request, write, end) => {
      const pod = object as Pod;
      const { container, follow, tailLines, sinceSeconds, timestamps } = request;
      const print = ({ atMs, text }: Line): void =>
        write(timestamps ? `${new Date(atMs).toISOString()} ${text}` : text);
      const oldestMs = sinceSeconds === null ? 0 : cluster.clock.nowMs() - sinceSeconds * 1000;
      const lines = linesSoFar(pod, container).filter(({ atMs }) => atMs >= oldestMs);
      for (const line of tailLines === null ? lines : lines.slice(Math.max(0, lines.length - tailLines)))
        print(line);
      if (!follow) {
        end();
        return () => {};
      }
      const uid = pod.metadata.uid ?? '';
      let printed = lines.length;
      const atFirst = engines.get(uid);
      let totals = atFirst === undefined ? null : totalsOf(atFirst.engine);
      let nextStatisticsMs = cluster.clock.nowMs() + STATISTICS_MS;
      let cancel = (): void => {};
      const tick = (): void => {
        const current = cluster.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name);
        if (current?.metadata.uid !== uid) {
          end();
          return;
        }
        const all = linesSoFar(current, container);
        for (const line of all.slice(printed)) print(line);
        printed = Math.max(printed, all.length);
        const running = engines.get(uid);
        const nowMs = cluster.clock.nowMs();
        if (running?.plan.container === container && nowMs >= nextStatisticsMs) {
          nextStatisticsMs = nowMs + STATISTICS_MS;
          const now = totalsOf(running.engine);
          const { running: active, waiting, kvCacheUsageRatio } = running.engine.snapshot();
          const before = totals ?? now;
          totals = now;
          const rate = (field: 'prompt' | 'generation'): string =>
            (((now[field] - before[field]) * 1000) / STATISTICS_MS).toFixed(1);
          const hitRate = now.queries === 0 ? 0 : (now.hits / now.queries) * 100;
          if (active > 0 || waiting > 0 || now.generation > before.generation) {
            print({
              atMs: nowMs,
              text: `INFO ${stamp(nowMs)} [loggers.py:123] Engine 000: Avg prompt throughput: ${rate('prompt')} tokens/s, Avg generation throughput: ${rate('generation')} tokens/s, Running: ${active} reqs, Waiting: ${waiting} reqs, GPU KV cache usage: ${(kvCacheUsageRatio * 100).toFixed(1)}%, Prefix cache hit rate: ${hitRate.toFixed(1)}%`,
            });
          }
        }
        cancel = cluster.clock.schedule(1000, tick);
      };
      cancel = cluster.clock.schedule(1000, tick);
      return () => cancel();
    },
  };
}
