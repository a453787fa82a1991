import { describe, expect, it } from 'vitest';
import { type ChatScene, parseChatScene, toArms, toChatSearch } from './chat-scene';

const RACE: ChatScene = { lanes: 'race', paths: { baseline: null, distributed: null }, promptNumber: null };

describe('chat scene', () => {
  it.each<ChatScene>([
    RACE,
    { lanes: 'distributed', paths: { baseline: null, distributed: 'route' }, promptNumber: 3 },
    { lanes: 'race', paths: { baseline: 'service', distributed: 'gateway' }, promptNumber: null },
  ])('survives the URL: %o', (scene) => {
    expect(parseChatScene(toChatSearch(scene))).toEqual(scene);
  });

  it('falls back to a race for an address it does not understand', () => {
    expect(parseChatScene(new URLSearchParams('lanes=third&baseline=tunnel&prompt=99'))).toEqual(RACE);
  });

  it('asks both arms in a race and one alone', () => {
    expect(toArms(RACE)).toEqual(['baseline', 'distributed']);
    expect(toArms({ ...RACE, lanes: 'baseline' })).toEqual(['baseline']);
  });
});
