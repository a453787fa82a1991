import type { SceneCodec } from '@/lib/client/use-scene';
import {
  ARMS,
  type Arm,
  COMPARE_PERCENTILES,
  COMPARE_WINDOWS,
  type ComparePercentile,
  type CompareWindow,
} from '@/lib/domain/vocabulary';
import { CHART_IDS, type ChartId } from './chart-looks';

export const COMPARE_VIEWS = ['charts', 'table', 'ladder'] as const;
/** The curves, all values as a table, or the recorded GuideLLM ladder. */
export type CompareViewName = (typeof COMPARE_VIEWS)[number];

/** One arm's past window, laid under the other arm's: for when only one of them can run at a time. */
export interface Pin {
  arm: Arm;
  /** End of its window; ISO 8601. */
  end: string;
}

/** What of this screen is in the URL. */
export interface CompareScene {
  window: CompareWindow;
  percentile: ComparePercentile;
  /** End of the window at which the curves stand still; `null`: they move. */
  pausedAt: string | null;
  /** Page of charts, from 1; on stage only. */
  page: number;
  view: CompareViewName;
  /** The ladder’s stages as a table in place of its curves. */
  showsStages: boolean;
  /** Two panels beside each other in place of one with both arms. */
  isSideBySide: boolean;
  /** The chart that has the whole screen. */
  chart: ChartId | null;
  pin: Pin | null;
  /** When the other arm's run began: its line starts at the left edge, like the pinned one. */
  runFrom: string | null;
  /** Figures published elsewhere, drawn as ghosts; the id of their source. */
  ghosts: string | null;
}

export const DEFAULT_COMPARE_SCENE: CompareScene = {
  window: '5m',
  percentile: 95,
  pausedAt: null,
  page: 1,
  view: 'charts',
  showsStages: false,
  isSideBySide: false,
  chart: null,
  pin: null,
  runFrom: null,
  ghosts: null,
};

/** More pages than there are charts is no page. */
const MAX_PAGE = 20;

function toTime(text: string | null): string | null {
  const atMs = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString();
}

function toPin(text: string | null): Pin | null {
  const [name, time] = text?.split('~') ?? [];
  const arm = ARMS.find((known) => known === name);
  const end = toTime(time ?? null);
  return arm === undefined || end === null ? null : { arm, end };
}

export function parseCompareScene(search: URLSearchParams): CompareScene {
  const percentile = search.get('percentile');
  const page = Number(search.get('page') ?? 1);
  const pin = toPin(search.get('pin'));
  const ghosts = search.get('published');
  return {
    window: COMPARE_WINDOWS.find((known) => known === search.get('window')) ?? DEFAULT_COMPARE_SCENE.window,
    percentile:
      COMPARE_PERCENTILES.find((known) => String(known) === percentile) ?? DEFAULT_COMPARE_SCENE.percentile,
    pausedAt: toTime(search.get('paused')),
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1,
    view: COMPARE_VIEWS.find((known) => known === search.get('view')) ?? DEFAULT_COMPARE_SCENE.view,
    showsStages: search.get('stages') === '1',
    isSideBySide: search.get('sides') === '1',
    chart: CHART_IDS.find((known) => known === search.get('chart')) ?? null,
    pin,
    runFrom: pin === null ? null : toTime(search.get('run')),
    ghosts: ghosts !== null && /^[a-z0-9-]{1,40}$/.test(ghosts) ? ghosts : null,
  };
}

export function toCompareSearch(scene: CompareScene): URLSearchParams {
  const search = new URLSearchParams();
  if (scene.window !== DEFAULT_COMPARE_SCENE.window) search.set('window', scene.window);
  if (scene.percentile !== DEFAULT_COMPARE_SCENE.percentile)
    search.set('percentile', String(scene.percentile));
  if (scene.pausedAt !== null) search.set('paused', scene.pausedAt);
  if (scene.page !== 1) search.set('page', String(scene.page));
  if (scene.view !== DEFAULT_COMPARE_SCENE.view) search.set('view', scene.view);
  if (scene.showsStages) search.set('stages', '1');
  if (scene.isSideBySide) search.set('sides', '1');
  if (scene.chart !== null) search.set('chart', scene.chart);
  if (scene.pin !== null) search.set('pin', `${scene.pin.arm}~${scene.pin.end}`);
  if (scene.pin !== null && scene.runFrom !== null) search.set('run', scene.runFrom);
  if (scene.ghosts !== null) search.set('published', scene.ghosts);
  return search;
}

export const COMPARE_SCENE: SceneCodec<CompareScene> = {
  parse: parseCompareScene,
  toSearch: toCompareSearch,
};
