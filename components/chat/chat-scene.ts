import type { SceneCodec } from '@/lib/client/use-scene';
import { SCRIPTED_PROMPTS } from '@/lib/domain/scripted-prompts';
import { ARMS, type Arm, CHAT_PATHS, type ChatPath } from '@/lib/domain/vocabulary';

/** What of this screen is in the URL: who answers, on which way, and the scripted prompt in the box. */
export interface ChatScene {
  /** `race`: both lanes; else that arm alone. */
  lanes: 'race' | Arm;
  /** The way asked for per lane; `null` leaves it to the server. */
  paths: Readonly<Record<Arm, ChatPath | null>>;
  promptNumber: number | null;
}

function parsePath(value: string | null): ChatPath | null {
  return CHAT_PATHS.find((path) => path === value) ?? null;
}

export function parseChatScene(search: URLSearchParams): ChatScene {
  const number = Number(search.get('prompt'));
  return {
    lanes: ARMS.find((arm) => arm === search.get('lanes')) ?? 'race',
    paths: { baseline: parsePath(search.get('baseline')), distributed: parsePath(search.get('distributed')) },
    promptNumber: SCRIPTED_PROMPTS.some((prompt) => prompt.number === number) ? number : null,
  };
}

export function toChatSearch(scene: ChatScene): URLSearchParams {
  const search = new URLSearchParams();
  if (scene.lanes !== 'race') search.set('lanes', scene.lanes);
  for (const arm of ARMS) {
    const path = scene.paths[arm];
    if (path !== null) search.set(arm, path);
  }
  if (scene.promptNumber !== null) search.set('prompt', String(scene.promptNumber));
  return search;
}

export function toArms(scene: ChatScene): readonly Arm[] {
  return scene.lanes === 'race' ? ARMS : [scene.lanes];
}

export const CHAT_SCENE: SceneCodec<ChatScene> = { parse: parseChatScene, toSearch: toChatSearch };
