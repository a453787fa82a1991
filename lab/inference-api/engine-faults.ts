import type { EngineFaultSwitch, EngineFaults } from '../parts.ts';

const NO_FAULTS: EngineFaults = {
  answer: null,
  refusal: null,
  slowdown: 1,
  tokensPerChunk: 1,
  modelId: null,
  withholdsUsage: false,
  reportsCachedTokens: null,
};

/** Without any fault at first. A request keeps the answer fault it began with. */
export function engineFaultSwitch(): EngineFaultSwitch {
  let current = NO_FAULTS;
  return {
    current: () => current,
    set: (change) => {
      current = { ...current, ...change };
    },
    clear: () => {
      current = NO_FAULTS;
    },
  };
}
