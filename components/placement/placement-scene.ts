import type { SceneCodec } from '@/lib/client/use-scene';

/** What of this screen is in the URL: nodes and slots (the demo's, or every GPU node), or the objects under both services. */
export interface PlacementScene {
  view: 'nodes' | 'all' | 'hood';
}

const OTHER_VIEWS = ['all', 'hood'] as const;

export const PLACEMENT_SCENE: SceneCodec<PlacementScene> = {
  parse: (search) => ({ view: OTHER_VIEWS.find((view) => view === search.get('view')) ?? 'nodes' }),
  toSearch: ({ view }) => new URLSearchParams(view === 'nodes' ? {} : { view }),
};
