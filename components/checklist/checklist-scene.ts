import type { SceneCodec } from '@/lib/client/use-scene';

/** What of this screen is in the URL: the selected gate, and whether it is opened. */
export interface ChecklistScene {
  gate: string | null;
  isOpen: boolean;
  /** Instead of the groups: what changed, the report, links. */
  view?: 'more' | undefined;
}

/** Ids are kebab-case (contract); anything else is no gate. */
const GATE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** `?gate=gpu-nodes` opens a gate (a link to show); `?at=gpu-nodes` only selects it; `?view=more` shows what changed. */
export function parseChecklistScene(search: URLSearchParams): ChecklistScene {
  if (search.get('view') === 'more') return { gate: null, isOpen: false, view: 'more' };
  const open = search.get('gate');
  if (open !== null && GATE_ID.test(open)) return { gate: open, isOpen: true };
  const selected = search.get('at');
  return { gate: selected !== null && GATE_ID.test(selected) ? selected : null, isOpen: false };
}

export function toChecklistSearch(scene: ChecklistScene): URLSearchParams {
  if (scene.view === 'more') return new URLSearchParams({ view: 'more' });
  if (scene.gate === null) return new URLSearchParams();
  return new URLSearchParams({ [scene.isOpen ? 'gate' : 'at']: scene.gate });
}

export const CHECKLIST_SCENE: SceneCodec<ChecklistScene> = {
  parse: parseChecklistScene,
  toSearch: toChecklistSearch,
};
