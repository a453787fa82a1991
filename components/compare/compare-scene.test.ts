import { describe, expect, it } from 'vitest';
import {
  type CompareScene,
  DEFAULT_COMPARE_SCENE,
  parseCompareScene,
  toCompareSearch,
} from './compare-scene';

describe('compare scene', () => {
  it.each<Partial<CompareScene>>([
    {},
    { window: '1h', percentile: 50, pausedAt: '2025-12-29T12:00:00.000Z', page: 2 },
    { view: 'ladder', showsStages: true },
    { view: 'table', chart: 'ttft' },
    { chart: 'gpu-power', isSideBySide: true, ghosts: 'step-08-readme' },
    {
      pin: { arm: 'baseline', end: '2025-12-29T12:00:00.000Z' },
      runFrom: '2025-12-29T12:10:00.000Z',
    },
  ])('survives the URL: %o', (patch) => {
    const scene = { ...DEFAULT_COMPARE_SCENE, ...patch };
    expect(parseCompareScene(toCompareSearch(scene))).toEqual(scene);
  });

  it('keeps the address short while nothing was chosen', () => {
    expect(toCompareSearch(DEFAULT_COMPARE_SCENE).toString()).toBe('');
  });

  it('falls back to the default for what it does not know', () => {
    const search = new URLSearchParams(
      'window=2m&percentile=97&paused=yes&page=-9&view=3d&chart=mood&pin=other~2025-12-29T12:00:00Z&published=<b>',
    );
    expect(parseCompareScene(search)).toEqual(DEFAULT_COMPARE_SCENE);
  });

  it('knows no start of a run without a pinned arm', () => {
    expect(parseCompareScene(new URLSearchParams('run=2025-12-29T12:00:00Z')).runFrom).toBeNull();
  });
});
