import type { SceneCodec } from '@/lib/client/use-scene';
import {
  COMPARE_PERCENTILES,
  COMPARE_WINDOWS,
  type ComparePercentile,
  type CompareWindow,
} from '@/lib/domain/vocabulary';

/** Pages of charts on stage; at the desk all charts are on one page. */
export const COMPARE_PAGES = [1, 2] as const;

/** What of this screen is in the URL. */
export interface CompareScene {
  window: CompareWindow;
  percentile: ComparePercentile;
  isPaused: boolean;
  page: (typeof COMPARE_PAGES)[number];
}

export const DEFAULT_COMPARE_SCENE: CompareScene = { window: '5m', percentile: 95, isPaused: false, page: 1 };

export function parseCompareScene(search: URLSearchParams): CompareScene {
  const percentile = search.get('percentile');
  return {
    window: COMPARE_WINDOWS.find((known) => known === search.get('window')) ?? DEFAULT_COMPARE_SCENE.window,
    percentile:
      COMPARE_PERCENTILES.find((known) => String(known) === percentile) ?? DEFAULT_COMPARE_SCENE.percentile,
    isPaused: search.get('paused') === '1',
    page: search.get('page') === '2' ? 2 : 1,
  };
}

export function toCompareSearch(scene: CompareScene): URLSearchParams {
  const search = new URLSearchParams();
  if (scene.window !== DEFAULT_COMPARE_SCENE.window) search.set('window', scene.window);
  if (scene.percentile !== DEFAULT_COMPARE_SCENE.percentile)
    search.set('percentile', String(scene.percentile));
  if (scene.isPaused) search.set('paused', '1');
  if (scene.page !== 1) search.set('page', String(scene.page));
  return search;
}

export const COMPARE_SCENE: SceneCodec<CompareScene> = {
  parse: parseCompareScene,
  toSearch: toCompareSearch,
};
