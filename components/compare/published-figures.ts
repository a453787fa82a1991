import type { PlotLevel } from '@/components/charts/plot-model';
import type { ChartId } from './chart-looks';

/**
 * Figures published elsewhere, for a look beside our own. They are never drawn unless asked for, and never without source and
 * conditions. From facts "benchmarks-published" §1, §2; nothing here was measured by this dashboard.
 */
export interface PublishedFigures {
  id: string;
  /** As offered in the choice. */
  name: string;
  source: string;
  conditions: string;
  /** In the wire's units; `statistic` as in the titles of the charts. */
  levels: readonly { metric: ChartId; statistic: string; value: number; word: string }[];
}

export const PUBLISHED_FIGURES: readonly PublishedFigures[] = [
  {
    id: 'step-08-readme',
    name: 'this demo’s READMEs, 8 users',
    source: 'adnan-drina/rhoai3-demo, README of steps 07 and 08',
    conditions:
      'Mistral-Small-24B INT4, L4; GuideLLM, 8 users, 256/256 tokens, about 60 s; measured by the client; llm-d stated as 2 replicas, requests sent to the Service, past the scheduler',
    levels: [
      { metric: 'ttft', statistic: 'p95', value: 2.185, word: 'INT4, 1 GPU: p95 2.19 s' },
      { metric: 'ttft', statistic: 'p95', value: 2.212, word: 'llm-d, stated as 2 replicas: p95 2.21 s' },
      { metric: 'ttft', statistic: 'p50', value: 2.191, word: 'llm-d, stated as 2 replicas: p50 2.19 s' },
    ],
  },
  {
    id: 'reference-demo',
    name: 'reference demo, 4 + 4 replicas',
    source: 'Red Hat Developer, 13 January 2026, and rh-aiservices-bu/rhaoi3-llm-d',
    conditions:
      'another model (Qwen3-0.6B), four L4 on both sides, 11 conversations × 10 turns = 110 requests, one run; measured by the client',
    levels: [
      { metric: 'ttft', statistic: 'p95', value: 0.7447, word: 'vLLM ×4, round robin: p95 0.745 s' },
      { metric: 'ttft', statistic: 'p95', value: 0.2716, word: 'llm-d ×4: p95 0.272 s' },
      { metric: 'ttft', statistic: 'p50', value: 0.1232, word: 'vLLM ×4, round robin: p50 0.123 s' },
      { metric: 'ttft', statistic: 'p50', value: 0.0921, word: 'llm-d ×4: p50 0.092 s' },
      { metric: 'ttft', statistic: 'p99', value: 0.841, word: 'vLLM ×4, round robin: p99 0.841 s' },
      { metric: 'ttft', statistic: 'p99', value: 0.6742, word: 'llm-d ×4: p99 0.674 s' },
      { metric: 'prefix-cache-hit-rate', statistic: '', value: 0.9, word: 'llm-d ×4: 90 %' },
      { metric: 'prefix-cache-hit-rate', statistic: '', value: 0.66, word: 'vLLM ×4, round robin: 66 %' },
      { metric: 'request-rate', statistic: '', value: 0.48, word: 'vLLM ×4, round robin: 0.48 requests/s' },
      { metric: 'request-rate', statistic: '', value: 0.45, word: 'llm-d ×4: 0.45 requests/s' },
    ],
  },
];

export function findPublished(id: string | null): PublishedFigures | null {
  return PUBLISHED_FIGURES.find((figures) => figures.id === id) ?? null;
}

export function toPublishedLevels(
  figures: PublishedFigures | null,
  id: ChartId,
  statistic: string,
  factor: number,
): PlotLevel[] {
  return (figures?.levels ?? [])
    .filter((level) => level.metric === id && level.statistic === statistic)
    .map(({ value, word }) => ({ value: value * factor, word, kind: 'published' }));
}
