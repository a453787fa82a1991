import type { GuidellmStatistic } from './guidellm';

/** What a published figure can be laid over. Its TPOT that contains the first token's wait has no axis here (metrics §11). */
export type ReferenceMetric = 'ttft' | 'itl' | 'total-throughput';

/**
 * Figures that others published: ghosts, never results, off until someone asks for them. Each carries model, hardware, replicas,
 * load and source, since none of them may be read without (benchmarks-published, "How to use it on screen").
 */
export interface ReferenceFigure {
  id: string;
  /** Short, for the legend. */
  title: string;
  model: string;
  hardware: string;
  load: string;
  source: string;
  published: string;
  /** What must be said beside it. */
  caution: string;
  series: readonly {
    metric: ReferenceMetric;
    statistic: GuidellmStatistic;
    unit: 'ms' | 'tokens/s';
    /** `[users, value]`. */
    points: readonly (readonly [users: number, value: number])[];
  }[];
}

const MISTRAL = 'Mistral-Small-24B INT4 (w4a16)';
const LADDER = 'GuideLLM, fixed concurrency, 256 prompt and 256 output tokens, about 60 s per level';

/** All of them measured elsewhere; nothing was reproduced by this project. */
export const REFERENCE_FIGURES: readonly ReferenceFigure[] = [
  {
    id: 'step-07-int4',
    title: 'Step 07, INT4 on one L4',
    model: MISTRAL,
    hardware: '1× g6.4xlarge (1× NVIDIA L4), 1 replica',
    load: LADDER,
    source: 'adnan-drina/rhoai3-demo, README of step 07',
    published: '2025',
    caution:
      'Tokens per second count prompt and output together. Its TPOT contains the wait for the first token and is left out.',
    series: [
      {
        metric: 'ttft',
        statistic: 'p95',
        unit: 'ms',
        points: [
          [1, 1_105],
          [3, 874],
          [5, 1_489],
          [8, 2_185],
          [10, 2_822],
          [15, 4_277],
        ],
      },
      {
        metric: 'total-throughput',
        statistic: 'mean',
        unit: 'tokens/s',
        points: [
          [1, 51],
          [3, 135],
          [5, 207],
          [8, 281],
          [10, 313],
          [15, 438],
        ],
      },
    ],
  },
  {
    id: 'step-07-bf16',
    title: 'Step 07, BF16 on four L4',
    model: 'Mistral-Small-24B BF16, tensor parallel over 4 GPUs',
    hardware: '1× g6.12xlarge (4× NVIDIA L4), 1 replica',
    load: LADDER,
    source: 'adnan-drina/rhoai3-demo, README of step 07',
    published: '2025',
    caution: 'Four GPUs. Its TPOT contains the wait for the first token and is left out.',
    series: [
      {
        metric: 'ttft',
        statistic: 'p95',
        unit: 'ms',
        points: [
          [1, 574],
          [5, 594],
          [10, 1_167],
          [15, 1_695],
          [20, 2_084],
          [30, 2_993],
        ],
      },
      {
        metric: 'total-throughput',
        statistic: 'mean',
        unit: 'tokens/s',
        points: [
          [1, 35],
          [5, 160],
          [10, 312],
          [15, 438],
          [20, 593],
          [30, 694],
        ],
      },
    ],
  },
  {
    id: 'step-08-llm-d',
    title: 'Step 08, llm-d as published',
    model: MISTRAL,
    hardware: 'stated as 2 replicas on 2× g6.4xlarge (2× NVIDIA L4)',
    load: `${LADDER}; straight to the workload Service, the scheduler not in the path`,
    source: 'adnan-drina/rhoai3-demo, README of step 08',
    published: '2025',
    caution:
      'First token grows by 277 to 279 ms per user, the slope of one engine: the test most likely reached one pod.',
    series: [
      {
        metric: 'ttft',
        statistic: 'p95',
        unit: 'ms',
        points: [
          [1, 260],
          [3, 836],
          [8, 2_212],
          [15, 4_170],
          [30, 8_322],
        ],
      },
      {
        metric: 'ttft',
        statistic: 'p50',
        unit: 'ms',
        points: [
          [1, 253],
          [3, 780],
          [8, 2_191],
          [15, 2_514],
          [30, 4_420],
        ],
      },
      {
        metric: 'itl',
        statistic: 'p95',
        unit: 'ms',
        points: [
          [1, 52],
          [3, 56],
          [8, 63],
          [15, 74],
          [30, 92],
        ],
      },
      {
        metric: 'itl',
        statistic: 'p50',
        unit: 'ms',
        points: [
          [1, 52],
          [3, 53],
          [8, 55],
          [15, 66],
          [30, 85],
        ],
      },
    ],
  },
];

/** The conditions in one line, as they stand beside the ghost. */
export function describeReference(figure: ReferenceFigure): string {
  const { model, hardware, load, source, published } = figure;
  return `Published elsewhere, not measured here: ${model}; ${hardware}; ${load}. ${source}, ${published}.`;
}
