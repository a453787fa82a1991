import type { SceneCodec } from '@/lib/client/use-scene';
import { LANE_IDS, type LaneId, parseChatPath } from '@/lib/domain/chat-lanes';
import {
  type ChatParameters,
  DEFAULT_PARAMETERS,
  parseMaxTokens,
  parseSeed,
  parseTemperature,
} from '@/lib/domain/chat-parameters';
import { ARMS, type Arm, type ChatPath } from '@/lib/domain/vocabulary';

/** Who answers: both arms, the distributed arm by two paths, or one arm alone. */
export const LINE_UPS = ['race', 'paths', ...ARMS] as const;
export type LineUp = (typeof LINE_UPS)[number];

/** What of this screen is in the URL: who answers, on which way, with which parameters, and the scripted prompt in the box. */
export interface ChatScene {
  lanes: LineUp;
  /** The way asked for per lane; `null` leaves it to the server. */
  paths: Readonly<Record<LaneId, ChatPath | null>>;
  parameters: ChatParameters;
  promptId: string | null;
}

/** Ids of prompts, as their file may name them. */
const PROMPT_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function parseParameters(search: URLSearchParams): ChatParameters {
  return {
    temperature: parseTemperature(search.get('temperature')) ?? DEFAULT_PARAMETERS.temperature,
    seed: parseSeed(search.get('seed')),
    maxTokens: parseMaxTokens(search.get('tokens')) ?? DEFAULT_PARAMETERS.maxTokens,
    isFixedLength: search.get('length') === 'fixed',
    isCold: search.get('cache') === 'cold',
    warmsUp: search.get('warm-up') === '1',
  };
}

function parsePaths(search: URLSearchParams): ChatScene['paths'] {
  return {
    baseline: parseChatPath(search.get('baseline')),
    distributed: parseChatPath(search.get('distributed')),
    'distributed-2': parseChatPath(search.get('distributed-2')),
  };
}

export function parseChatScene(search: URLSearchParams): ChatScene {
  const promptId = search.get('prompt');
  return {
    lanes: LINE_UPS.find((lineUp) => lineUp === search.get('lanes')) ?? 'race',
    paths: parsePaths(search),
    parameters: parseParameters(search),
    promptId: promptId !== null && promptId.length <= 64 && PROMPT_ID.test(promptId) ? promptId : null,
  };
}

export function toChatSearch({ lanes, paths, parameters, promptId }: ChatScene): URLSearchParams {
  const search = new URLSearchParams();
  if (lanes !== 'race') search.set('lanes', lanes);
  for (const lane of LANE_IDS) {
    const path = paths[lane];
    if (path !== null) search.set(lane, path);
  }
  const { temperature, seed, maxTokens, isFixedLength, isCold, warmsUp } = parameters;
  if (temperature !== DEFAULT_PARAMETERS.temperature) search.set('temperature', String(temperature));
  if (seed !== null) search.set('seed', String(seed));
  if (maxTokens !== DEFAULT_PARAMETERS.maxTokens) search.set('tokens', String(maxTokens));
  if (isFixedLength) search.set('length', 'fixed');
  if (isCold) search.set('cache', 'cold');
  if (warmsUp) search.set('warm-up', '1');
  if (promptId !== null) search.set('prompt', promptId);
  return search;
}

/** The one after it, round and round. */
export function nextLineUp(lineUp: LineUp): LineUp {
  return LINE_UPS[(LINE_UPS.indexOf(lineUp) + 1) % LINE_UPS.length] ?? lineUp;
}

const LANES_OF: Record<LineUp, readonly LaneId[]> = {
  race: ['baseline', 'distributed'],
  // Without the picker first: what it adds stands on the right, as in the other race.
  paths: ['distributed-2', 'distributed'],
  baseline: ['baseline'],
  distributed: ['distributed'],
};

export function toLanes(scene: Pick<ChatScene, 'lanes'>): readonly LaneId[] {
  return LANES_OF[scene.lanes];
}

/** Changes who answers. The race of two paths names both: a "best path" could be the same in both lanes. */
export function toLineUp(lanes: LineUp, paths: ChatScene['paths']): Pick<ChatScene, 'lanes' | 'paths'> {
  if (lanes !== 'paths') return { lanes, paths };
  return {
    lanes,
    paths: {
      ...paths,
      distributed: paths.distributed ?? 'gateway',
      'distributed-2': paths['distributed-2'] ?? 'route',
    },
  };
}

export const CHAT_SCENE: SceneCodec<ChatScene> = { parse: parseChatScene, toSearch: toChatSearch };

/** The arm of a line-up that has one; `null` for races. */
export function soleArm(lanes: LineUp): Arm | null {
  return ARMS.find((arm) => arm === lanes) ?? null;
}
