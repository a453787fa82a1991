import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMETERS } from '@/lib/domain/chat-parameters';
import {
  type ChatScene,
  LINE_UPS,
  type LineUp,
  nextLineUp,
  parseChatScene,
  soleArm,
  toChatSearch,
  toLanes,
  toLineUp,
} from './chat-scene';

const NO_PATHS = { baseline: null, distributed: null, 'distributed-2': null };
const RACE: ChatScene = { lanes: 'race', paths: NO_PATHS, parameters: DEFAULT_PARAMETERS, promptId: null };

describe('chat scene', () => {
  it.each<ChatScene>([
    RACE,
    { ...RACE, lanes: 'distributed', paths: { ...NO_PATHS, distributed: 'route' }, promptId: 'one-word' },
    { ...RACE, paths: { ...NO_PATHS, baseline: 'service', distributed: 'gateway' } },
    { ...RACE, lanes: 'paths', paths: { baseline: null, distributed: 'gateway', 'distributed-2': 'route' } },
    {
      ...RACE,
      parameters: {
        temperature: 0.7,
        seed: 0,
        maxTokens: 256,
        isFixedLength: true,
        isCold: true,
        warmsUp: true,
      },
    },
  ])('survives the URL: %o', (scene) => {
    expect(parseChatScene(toChatSearch(scene))).toEqual(scene);
  });

  it('leaves the address bare for the plain race', () => {
    expect(toChatSearch(RACE).toString()).toBe('');
  });

  it('falls back to a plain race for an address it does not understand', () => {
    const search =
      'lanes=third&baseline=tunnel&prompt=../x&temperature=9&seed=-1&tokens=1e9&length=2&cache=hot';
    expect(parseChatScene(new URLSearchParams(search))).toEqual(RACE);
  });

  it('asks both arms in a race, one pool twice by two paths, and one arm alone', () => {
    expect(toLanes(RACE)).toEqual(['baseline', 'distributed']);
    expect(toLanes({ lanes: 'paths' })).toEqual(['distributed-2', 'distributed']);
    expect(toLanes({ lanes: 'baseline' })).toEqual(['baseline']);
    expect([soleArm('race'), soleArm('paths'), soleArm('distributed')]).toEqual([null, null, 'distributed']);
  });

  it('steps through all line-ups and comes back', () => {
    const steps = LINE_UPS.reduce<LineUp[]>((seen) => [...seen, nextLineUp(seen.at(-1) ?? 'race')], ['race']);
    expect(steps).toEqual([...LINE_UPS, 'race']);
  });

  it('names both paths when they race each other, and keeps a choice that was made', () => {
    expect(toLineUp('paths', NO_PATHS).paths).toEqual({
      baseline: null,
      distributed: 'gateway',
      'distributed-2': 'route',
    });
    expect(toLineUp('paths', { ...NO_PATHS, 'distributed-2': 'service' }).paths['distributed-2']).toBe(
      'service',
    );
    expect(toLineUp('race', NO_PATHS)).toEqual({ lanes: 'race', paths: NO_PATHS });
  });
});
