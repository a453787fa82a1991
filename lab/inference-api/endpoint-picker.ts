import type { EndpointPicker, EndpointPickerOptions, PickedEndpoint, PickerEndpoint } from '../parts.ts';
import { seededRandom, seedFromText } from '../random.ts';
import { PickerMetrics } from './picker-metrics.ts';
import { charactersOf, PrefixIndex, prefixBlocks } from './prefix-index.ts';

/** Defaults of RHOAI 3.0 (metrics §3.2, demo-environment §3.4). */
const PREFIX_WEIGHT = 2;
const LOAD_WEIGHT = 1;
/** Waiting requests at which a server has no load score left; an empty queue scores one half. */
const QUEUE_THRESHOLD = 128;

/** The inference scheduler of a pool: prefix-cache scorer, load-aware scorer, max-score picker. */
export function createEndpointPicker(options: EndpointPickerOptions): EndpointPicker {
  const { clock } = options;
  const index = new PrefixIndex();
  const random = seededRandom(seedFromText(options.poolName));
  const metrics = new PickerMetrics(options, clock.nowMs(), random);

  const pick = (model: string, promptText: string): PickedEndpoint | null => {
    const endpoints = options.endpoints();
    index.retain(new Set(endpoints.map((endpoint) => endpoint.podName)));
    const blocks = prefixBlocks(model, promptText);
    const scored = endpoints.map((endpoint) => {
      const matched = index.matchedBlocks(endpoint.podName, blocks);
      const prefixScore = blocks.length === 0 ? 0 : matched / blocks.length;
      return {
        endpoint,
        matched,
        score: PREFIX_WEIGHT * prefixScore + LOAD_WEIGHT * loadScore(endpoint),
      };
    });
    const bestScore = Math.max(...scored.map(({ score }) => score));
    const best = scored.filter(({ score }) => score === bestScore);
    const chosen = best[Math.floor(random() * best.length)];
    if (chosen === undefined) {
      metrics.failed(model, 'ServiceUnavailable');
      return null;
    }
    index.remember(chosen.endpoint.podName, blocks);
    metrics.scheduled(model, {
      podName: chosen.endpoint.podName,
      requestBytes: Buffer.byteLength(promptText),
      hitBytes: charactersOf(chosen.matched),
      hitRatio: blocks.length === 0 ? null : chosen.matched / blocks.length,
    });
    return running(model, chosen.endpoint.podName);
  };

  const running = (model: string, podName: string): PickedEndpoint => {
    const startedMs = clock.nowMs();
    let isOpen = true;
    return {
      podName,
      finished: (outcome) => {
        if (!isOpen) return;
        isOpen = false;
        metrics.finished(model, outcome, (clock.nowMs() - startedMs) / 1000);
      },
    };
  };

  return {
    pick,
    metricsText: () => metrics.text(options.endpoints(), index.size(), clock.nowMs()),
  };
}

function loadScore(endpoint: PickerEndpoint): number {
  const waiting = Math.min(endpoint.snapshot().waiting, QUEUE_THRESHOLD);
  return 0.5 * (1 - waiting / QUEUE_THRESHOLD);
}
