import type { SceneCodec } from '@/lib/client/use-scene';

/** What of this screen is in the URL: nodes and slots, or the objects under both services. */
export interface PlacementScene {
  view: 'nodes' | 'hood';
}

export const PLACEMENT_SCENE: SceneCodec<PlacementScene> = {
  parse: (search) => ({ view: search.get('view') === 'hood' ? 'hood' : 'nodes' }),
  toSearch: ({ view }) => new URLSearchParams(view === 'hood' ? { view } : {}),
};
