import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import type { EndpointPicker, PickerEndpoint } from '../parts.ts';
import { createEndpointPicker } from './endpoint-picker.ts';
import { PrefixIndex, prefixBlocks } from './prefix-index.ts';

const MODEL = 'mistral-3-distributed';
const POOL = 'mistral-3-distributed-inference-pool';
const PODS = [
  'mistral-3-distributed-kserve-ftk8wprfxh-llv5b',
  'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr',
] as const;
const NEWER_SAMPLE = new URL('../../../shared/facts/samples/epp-metrics-newer.txt', import.meta.url);
const SAMPLE = new URL('../../../shared/facts/samples/epp-metrics.txt', import.meta.url);

const endpoint = (podName: string, waiting = 0): PickerEndpoint => ({
  podName,
  snapshot: () => ({ running: 0, waiting, kvCacheUsageRatio: 0.25 }),
});

function picker(endpoints: () => PickerEndpoint[]): EndpointPicker {
  return createEndpointPicker({ poolName: POOL, clock: virtualClock(), endpoints });
}

const bothPods = (waiting: readonly [number, number] = [0, 0]): PickerEndpoint[] =>
  PODS.map((pod, index) => endpoint(pod, waiting[index] ?? 0));

const text = (seed: string, characters: number): string =>
  `${seed} ${'lorem ipsum dolor sit amet '.repeat(200)}`.slice(0, characters);

describe('picking', () => {
  test('a conversation returns to the pod that has its beginning', () => {
    const picks = picker(() => bothPods());
    for (let conversation = 0; conversation < 20; conversation++) {
      const start = text(`conversation ${conversation}`, 640);
      const first = picks.pick(MODEL, start)?.podName;
      expect(picks.pick(MODEL, `${start} and a further question ${'x'.repeat(100)}`)?.podName).toBe(first);
    }
  });

  test('a whole cached prompt outweighs a long queue, a small part of it does not', () => {
    let waiting: [number, number] = [0, 100];
    const picks = picker(() => bothPods(waiting));
    const start = text('shared', 640);
    expect(picks.pick(MODEL, start)?.podName).toBe(PODS[0]);
    waiting = [100, 0];
    expect(picks.pick(MODEL, start)?.podName).toBe(PODS[0]);
    // One of ten blocks is known: 2 × 0.1 against the half point that a free queue is worth.
    const mostlyNew = `${start.slice(0, 64)}${'y'.repeat(600)}`;
    expect(picks.pick(MODEL, mostlyNew)?.podName).toBe(PODS[1]);
  });

  test('new prompts are spread over equal pods, the same way every time', () => {
    const series = (): (string | undefined)[] => {
      const picks = picker(() => bothPods());
      return Array.from(
        { length: 40 },
        (_, index) => picks.pick(MODEL, text(`prompt ${index}`, 300))?.podName,
      );
    };
    const chosen = series();
    expect(chosen).toEqual(series());
    expect(chosen.filter((pod) => pod === PODS[0]).length).toBeGreaterThan(10);
    expect(chosen.filter((pod) => pod === PODS[1]).length).toBeGreaterThan(10);
  });

  test('the shorter queue wins when nothing is cached', () => {
    const picks = picker(() => bothPods([3, 0]));
    expect(picks.pick(MODEL, 'short')?.podName).toBe(PODS[1]);
  });

  test('without a ready pod there is none to pick, and an error to count', () => {
    const picks = picker(() => []);
    expect(picks.pick(MODEL, 'short')).toBeNull();
    expect(picks.metricsText()).toContain(
      `inference_model_request_error_total{error_code="ServiceUnavailable",model_name="${MODEL}",target_model_name="${MODEL}"} 1`,
    );
  });

  test('forgets what a pod had when the pod has gone', () => {
    let endpoints = bothPods([0, 100]);
    const picks = picker(() => endpoints);
    const start = text('shared', 640);
    expect(picks.pick(MODEL, start)?.podName).toBe(PODS[0]);
    endpoints = [endpoint(PODS[1])];
    expect(picks.pick(MODEL, 'other')?.podName).toBe(PODS[1]);
    endpoints = bothPods([100, 0]);
    expect(picks.pick(MODEL, start)?.podName).toBe(PODS[1]);
  });
});

describe('the prefix index', () => {
  test('sees full blocks of 64 characters, at most 256 of them', () => {
    expect(prefixBlocks(MODEL, 'x'.repeat(63))).toEqual([]);
    expect(prefixBlocks(MODEL, 'x'.repeat(130))).toHaveLength(2);
    expect(prefixBlocks(MODEL, 'x'.repeat(64 * 300))).toHaveLength(256);
  });

  test('another model shares nothing', () => {
    expect(prefixBlocks('a', 'x'.repeat(64))).not.toEqual(prefixBlocks('b', 'x'.repeat(64)));
  });

  test('holds 31,250 entries per server and drops the least recently used', () => {
    const index = new PrefixIndex();
    const blocks = Array.from({ length: 31_250 }, (_, number) => `block ${number}`);
    index.remember('pod', blocks);
    index.remember('pod', ['block 0', 'new']);
    expect(index.size()).toBe(31_250);
    expect(index.matchedBlocks('pod', ['block 0'])).toBe(1);
    expect(index.matchedBlocks('pod', ['block 1'])).toBe(0);
  });
});

describe('the page of the picker', () => {
  const used = (): EndpointPicker => {
    const picks = picker(() => bothPods());
    const first = picks.pick(MODEL, text('one', 640));
    first?.finished({ statusCode: 200, promptTokens: 160, completionTokens: 40 });
    picks.pick(MODEL, text('one', 640));
    return picks;
  };
  const figure = (page: string, series: string): number =>
    Number(
      page
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  const labels = `{model_name="${MODEL}",target_model_name="${MODEL}"}`;

  test('counts what it decided and what came back', () => {
    const page = used().metricsText();
    expect(figure(page, `inference_model_request_total${labels}`)).toBe(2);
    expect(figure(page, `inference_model_running_requests{model_name="${MODEL}"}`)).toBe(1);
    expect(figure(page, `inference_model_input_tokens_sum${labels}`)).toBe(160);
    expect(figure(page, `inference_model_output_tokens_sum${labels}`)).toBe(40);
    expect(figure(page, 'inference_extension_prefix_indexer_hit_ratio_sum')).toBe(1);
    expect(figure(page, 'inference_extension_prefix_indexer_hit_bytes_sum')).toBe(640);
    expect(figure(page, 'inference_extension_prefix_indexer_size')).toBe(10);
    expect(figure(page, `inference_pool_ready_pods{name="${POOL}"}`)).toBe(2);
    expect(figure(page, `inference_pool_average_kv_cache_utilization{name="${POOL}"}`)).toBe(0.25);
  });

  test('an answer is counted once, however often its end is reported', () => {
    const picks = picker(() => bothPods());
    const picked = picks.pick(MODEL, 'short');
    for (let time = 0; time < 2; time++) {
      picked?.finished({ statusCode: 200, promptTokens: 1, completionTokens: 1 });
    }
    expect(figure(picks.metricsText(), `inference_model_output_tokens_count${labels}`)).toBe(1);
  });

  test('error series appear with the first error only', () => {
    expect(used().metricsText()).not.toContain('inference_model_request_error_total');
  });

  test.skipIf(!existsSync(SAMPLE))('has the lines of the sample in its order', () => {
    const picks = used();
    const namesOnly = (page: string): string[] =>
      page
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ \S+$/, ''));
    const withoutErrors = readFileSync(SAMPLE, 'utf8')
      .split('\n')
      .filter((line) => !line.includes('inference_model_request_error_total'))
      .join('\n');
    expect(namesOnly(picks.metricsText())).toEqual(namesOnly(withoutErrors));
  });

  describe('of llm-d-router', () => {
    const later = (): EndpointPicker => {
      const picks = createEndpointPicker({
        poolName: POOL,
        clock: virtualClock(),
        endpoints: () => bothPods([0, 1]),
        generation: 'llm-d-router',
      });
      for (const number of Array.from({ length: 200 }, (_, index) => index)) {
        picks.pick(MODEL, text(`question ${number}`, 640))?.finished({
          statusCode: number === 0 ? 503 : 200,
          promptTokens: 160,
          completionTokens: 40,
          ttftSeconds: 0,
          cachedTokens: 96,
          isStreaming: true,
        });
      }
      return picks;
    };

    test('shows every figure under the old and the new name, with the same value', () => {
      const page = later().metricsText();
      const flow = `{fairness_id="default-flow",model_name="${MODEL}",priority="0",target_model_name="${MODEL}"}`;
      expect(figure(page, `llm_d_epp_request_total${flow}`)).toBe(200);
      expect(
        figure(
          page,
          `inference_objective_request_total{model_name="${MODEL}",priority="0",target_model_name="${MODEL}"}`,
        ),
      ).toBe(200);
      expect(figure(page, `llm_d_epp_request_cached_tokens_sum${flow}`)).toBe(199 * 96);
      expect(figure(page, `llm_d_epp_average_queue_size{name="${POOL}"}`)).toBe(0.5);
      expect(figure(page, `llm_d_epp_std_dev_queue_size{name="${POOL}"}`)).toBe(0.5);
      expect(page).not.toContain('inference_model_');
    });

    test('tells the decisions of each pod', () => {
      const attempts = [
        ...later()
          .metricsText()
          .matchAll(/^llm_d_epp_scheduler_attempts_total\{endpoint_name="([^"]+)",.*\} (\d+)$/gm),
      ].map(([, pod, count]): [string | undefined, number] => [pod, Number(count)]);
      expect(attempts.reduce((sum, [, count]) => sum + count, 0)).toBe(200);
      expect(PODS).toContain(attempts[0]?.[0]);
    });

    test.skipIf(!existsSync(NEWER_SAMPLE))('has the lines of the sample in its order', () => {
      const shape = (page: string): string[] => [
        ...new Set(
          page
            .trimEnd()
            .split('\n')
            .map((line) =>
              line
                .replace(/^([^#].*) \S+$/, '$1')
                .replace(/error_code="\w+"/, 'error_code=""')
                .replace(/(endpoint_name|pod_name)="[^"]+"/, '$1=""'),
            ),
        ),
      ];
      expect(shape(later().metricsText())).toEqual(shape(readFileSync(NEWER_SAMPLE, 'utf8')));
    });
  });
});
