import { describe, expect, it } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import { aCompare, aMetric, aSeries } from '@/lib/domain/testing/compare-fixtures';
import { toChartCsv } from './chart-csv';
import { toChartModel } from './chart-model';
import { wrapLine } from './chart-picture';
import { toCompareFrame } from './compare-frame';
import { type CompareScene, DEFAULT_COMPARE_SCENE } from './compare-scene';
import { PUBLISHED_FIGURES, type PublishedFigures } from './published-figures';

function csvOf(
  compare: Compare,
  overrides: { past?: Compare; scene?: Partial<CompareScene>; published?: PublishedFigures } = {},
): string[] {
  const frame = toCompareFrame(compare, overrides.past ?? null, {
    ...DEFAULT_COMPARE_SCENE,
    ...overrides.scene,
  });
  const published = overrides.published ?? null;
  const chart = toChartModel(frame, 'ttft', {
    labelGap: 0.4,
    waitUnit: 's',
    topBefore: null,
    published,
    isOpened: false,
  });
  return toChartCsv(frame, chart, published).split('\r\n');
}

const COMPARE = aCompare({
  metrics: [
    aMetric({
      arms: [
        aSeries({
          edges: [1, 2.5],
          points: [
            ['2025-12-29T11:59:55.000Z', null],
            ['2025-12-29T12:00:00.000Z', 2.3],
          ],
        }),
        aSeries({ arm: 'distributed', promql: 'sum(\n  rate(x)\n)', points: [] }),
      ],
    }),
  ],
});

describe('CSV of a chart', () => {
  it('carries mode, source, queries and times, and leaves unknown values empty', () => {
    expect(csvOf(COMPARE)).toEqual([
      '# SIMULATED · Time to first token (First token, p95, s)',
      '# Source: Prometheus, asked by this dashboard at 2025-12-29T12:00:00.000Z; step 5 s, rates over 30 s',
      '# INT4 baseline: 2025-12-29T11:55:00.000Z to 2025-12-29T12:00:00.000Z, pods mistral-3-int4-predictor-cgsdk, ok',
      '# INT4 baseline PromQL: histogram_quantile(0.95, …)',
      '# Distributed: 2025-12-29T11:55:00.000Z to 2025-12-29T12:00:00.000Z, pods mistral-3-int4-predictor-cgsdk, ok',
      '# Distributed PromQL: sum( rate(x) )',
      '"time","INT4","INT4 at least","INT4 at most","llm-d"',
      '"2025-12-29T11:59:55.000Z",,,,',
      '"2025-12-29T12:00:00.000Z",2.3,1,2.5,',
      '',
    ]);
  });

  it('gives each arm its own clock where windows of different times are aligned', () => {
    const past = aCompare({
      metrics: COMPARE.metrics,
      range: { from: '2025-12-29T10:55:00.000Z', to: '2025-12-29T11:00:00.000Z', isPinned: true },
    });
    const scene = { pin: { arm: 'baseline', end: '2025-12-29T11:00:00.000Z' } } as const;
    expect(csvOf(COMPARE, { past, scene }).find((line) => line.startsWith('"time'))).toBe(
      '"time of INT4","time of llm-d","INT4","INT4 at least","INT4 at most","llm-d"',
    );
  });

  it('names source and conditions of ghost lines, and what of targets is measured', () => {
    const [published] = PUBLISHED_FIGURES;
    if (published === undefined) throw new Error('no published figures');
    const target = {
      id: 'sla',
      title: 'Same SLA',
      line: { metric: 'ttft', arm: null, threshold: 1, statistic: 'p95' },
      source: 'plan',
      state: 'not-yet-measured',
      text: 'not yet measured',
    } as const;
    const lines = csvOf({ ...COMPARE, targets: [target] }, { published });
    expect(lines.some((line) => line.includes(published.conditions))).toBe(true);
    expect(lines).toContain('# TARGET: Same SLA: not yet measured');
    expect(lines).toContain('# Published elsewhere: INT4, 1 GPU, 8 users: p95 2.19 s');
  });
});

describe('long lines in a picture', () => {
  it('break at spaces, and within a word only where it is longer than the line', () => {
    expect(wrapLine('sum by (le) (rate(x))', 12)).toEqual(['sum by (le)', '(rate(x))']);
    expect(wrapLine('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrapLine('', 3)).toEqual(['']);
  });
});

describe('figures published elsewhere', () => {
  it('each have a source, conditions, and a word that names the arm and the value', () => {
    for (const figures of PUBLISHED_FIGURES) {
      expect(figures.source).not.toBe('');
      expect(figures.conditions).not.toBe('');
      for (const level of figures.levels) expect(level.word).toMatch(/\d/);
    }
    expect(new Set(PUBLISHED_FIGURES.map(({ id }) => id)).size).toBe(PUBLISHED_FIGURES.length);
  });
});
