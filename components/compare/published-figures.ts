import type { PlotLevel } from '@/components/charts/plot-model';
import type { GuidellmStatistic } from '@/lib/domain/guidellm';
import type { Arm } from '@/lib/domain/vocabulary';
import type { ChartId } from './chart-looks';

/** One published load of one arm; a statistic that was not published is not there. */
export interface PublishedRung {
  arm: Arm;
  users: number;
  ttftMs: Partial<Record<GuidellmStatistic, number>>;
  itlMs: Partial<Record<GuidellmStatistic, number>>;
}

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
  /** Empty: no ladder was published. */
  ladder: readonly PublishedRung[];
  /** What was published and is not drawn, and why; `null`: nothing. */
  ladderNote: string | null;
}

/** TTFT p95 of one L4 by users (benchmarks-published §1, README of step 07). */
const INT4_TTFT_P95_MS: readonly [users: number, ttftMs: number][] = [
  [1, 1_105],
  [3, 874],
  [5, 1_489],
  [8, 2_185],
  [10, 2_822],
  [15, 4_277],
];

/** llm-d by users: p50 and p95 of TTFT, then of inter-token latency (benchmarks-published §1, README of step 08). */
const LLM_D_MS: readonly [
  users: number,
  ttft: [p50: number, p95: number],
  itl: [p50: number, p95: number],
][] = [
  [1, [253, 260], [52, 52]],
  [3, [780, 836], [53, 56]],
  [8, [2_191, 2_212], [55, 63]],
  [15, [2_514, 4_170], [66, 74]],
  [30, [4_420, 8_322], [85, 92]],
];

const STEP_08_LADDER: readonly PublishedRung[] = [
  ...INT4_TTFT_P95_MS.map(
    ([users, p95]): PublishedRung => ({ arm: 'baseline', users, ttftMs: { p95 }, itlMs: {} }),
  ),
  ...LLM_D_MS.map(
    ([users, ttft, itl]): PublishedRung => ({
      arm: 'distributed',
      users,
      ttftMs: { p50: ttft[0], p95: ttft[1] },
      itlMs: { p50: itl[0], p95: itl[1] },
    }),
  ),
];

export const PUBLISHED_FIGURES: readonly PublishedFigures[] = [
  {
    id: 'step-08-readme',
    name: 'this demo’s READMEs',
    source: 'adnan-drina/rhoai3-demo, README of steps 07 and 08',
    conditions:
      'Mistral-Small-24B INT4, L4; GuideLLM, 256/256 tokens, about 60 s a load; measured by the client; llm-d stated as 2 replicas, requests sent to the Service, past the scheduler',
    ladder: STEP_08_LADDER,
    ladderNote:
      'Not drawn: its tokens/s count the prompt’s tokens too, and INT4’s time per token holds the wait for the first one',
    levels: [
      { metric: 'ttft', statistic: 'p95', value: 2.185, word: 'INT4, 1 GPU, 8 users: p95 2.19 s' },
      {
        metric: 'ttft',
        statistic: 'p95',
        value: 2.212,
        word: 'llm-d, stated as 2 replicas, 8 users: p95 2.21 s',
      },
      {
        metric: 'ttft',
        statistic: 'p50',
        value: 2.191,
        word: 'llm-d, stated as 2 replicas, 8 users: p50 2.19 s',
      },
    ],
  },
  {
    id: 'reference-demo',
    name: 'reference demo, 4 + 4 replicas',
    source: 'Red Hat Developer, 13 January 2026, and rh-aiservices-bu/rhaoi3-llm-d',
    conditions:
      'another model (Qwen3-0.6B), four L4 on both sides, 11 conversations × 10 turns = 110 requests, one run; measured by the client',
    ladder: [],
    ladderNote: null,
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

/** Those with a ladder of loads. */
export const PUBLISHED_LADDERS: readonly PublishedFigures[] = PUBLISHED_FIGURES.filter(
  ({ ladder }) => ladder.length > 0,
);

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
    .map(({ value, word }) => ({ value: value * factor, word, label: null, of: null, kind: 'published' }));
}
