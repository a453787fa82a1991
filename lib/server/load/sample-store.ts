import 'server-only';
import { type LoadSample, MAX_SAMPLES } from '@/lib/domain/load';

/** The newest requests of the chat and of the background load, for whoever shows them beside the engines' own metrics. */
export interface SampleStore {
  add(samples: readonly LoadSample[]): void;
  /** In the order in which they ended, newest last. */
  list(): readonly LoadSample[];
}

/** Each origin has room of its own: a load must not push out what the presenter asked. */
export function createSampleStore(): SampleStore {
  let kept: readonly LoadSample[] = [];
  return {
    add: (samples) => {
      if (samples.length > 0) kept = newestOfEach([...kept, ...samples]);
    },
    list: () => kept,
  };
}

function newestOfEach(samples: readonly LoadSample[]): readonly LoadSample[] {
  const room: Record<LoadSample['origin'], number> = { chat: MAX_SAMPLES, load: MAX_SAMPLES };
  return samples
    .toReversed()
    .filter(({ origin }) => {
      room[origin] -= 1;
      return room[origin] >= 0;
    })
    .toReversed();
}
