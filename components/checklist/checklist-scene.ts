import type { SceneCodec } from '@/lib/client/use-scene';

/** What of this screen is in the URL: the selected gate, and whether it is opened. */
export interface ChecklistScene {
  gate: string | null;
  isOpen: boolean;
}

/** Ids are kebab-case (contract); anything else is no gate. */
const GATE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** `?gate=gpu-nodes` opens a gate (a link to show); `?at=gpu-nodes` only selects it. */
export function parseChecklistScene(search: URLSearchParams): ChecklistScene {
  const open = search.get('gate');
  if (open !== null && GATE_ID.test(open)) return { gate: open, isOpen: true };
  const selected = search.get('at');
  return { gate: selected !== null && GATE_ID.test(selected) ? selected : null, isOpen: false };
}

export function toChecklistSearch(scene: ChecklistScene): URLSearchParams {
  if (scene.gate === null) return new URLSearchParams();
  return new URLSearchParams({ [scene.isOpen ? 'gate' : 'at']: scene.gate });
}

export const CHECKLIST_SCENE: SceneCodec<ChecklistScene> = {
  parse: parseChecklistScene,
  toSearch: toChecklistSearch,
};
