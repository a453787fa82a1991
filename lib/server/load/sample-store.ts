import 'server-only';
import { type LoadSample, MAX_SAMPLES } from '@/lib/domain/load';

/** The newest requests of the chat and of the background load, for whoever shows them beside the engines' own metrics. */
export interface SampleStore {
  add(samples: readonly LoadSample[]): void;
  /** Newest last. */
  list(): readonly LoadSample[];
}

export function createSampleStore(): SampleStore {
  let kept: readonly LoadSample[] = [];
  return {
    add: (samples) => {
      if (samples.length > 0) kept = [...kept, ...samples].slice(-MAX_SAMPLES);
    },
    list: () => kept,
  };
}
