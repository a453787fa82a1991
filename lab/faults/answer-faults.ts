/** Faults of the engines and of what they answer; each can be aimed at one arm. */
import type { EngineFaults } from '../parts.ts';
import type { RunningEngine } from '../world/engines.ts';
import type { Fault } from './fault.ts';

/** Far enough into an answer to be in its midst, and beyond what a probe of one token sees. */
const AFTER_TOKENS = 12;
const SLOWDOWN = 5;
const MERGED_TOKENS = 8;

/** Something wrong with every engine of an arm, or of both. */
function ofEngines(
  description: string,
  change: Partial<EngineFaults> | ((entry: RunningEngine) => Partial<EngineFaults>),
): Fault {
  return {
    description,
    aim: { whenUnaimed: 'both arms' },
    start: ({ engines }, arm) =>
      engines.add((entry) => {
        if (arm !== null && entry.arm !== arm) return null;
        return typeof change === 'function' ? change(entry) : change;
      }),
  };
}

const midway = (kind: 'reset' | 'stall' | 'early-end' | 'malformed-chunk' | 'error-object') => ({
  answer: { kind, afterTokens: AFTER_TOKENS },
});

export const answerEmpty = ofEngines('streams are 200 and end without a single event', {
  answer: { kind: 'empty' },
});

export const answerSilent = ofEngines('streams are 200, and not even a first token comes', {
  answer: { kind: 'silent' },
});

export const answerReset = ofEngines(`after ${AFTER_TOKENS} tokens the connection is reset`, midway('reset'));

export const answerStall = ofEngines(
  `after ${AFTER_TOKENS} tokens nothing more comes, and the connection stays`,
  midway('stall'),
);

export const answerEarlyEnd = ofEngines(
  `after ${AFTER_TOKENS} tokens the stream ends, without finish reason and [DONE]`,
  midway('early-end'),
);

export const answerMalformed = ofEngines(
  `after ${AFTER_TOKENS} tokens one chunk is no JSON; the stream goes on`,
  midway('malformed-chunk'),
);

export const answerError = ofEngines(
  `after ${AFTER_TOKENS} tokens vLLM’s error object ends the stream, status 200`,
  midway('error-object'),
);

export const answerMerged = ofEngines(`${MERGED_TOKENS} tokens share a chunk`, {
  tokensPerChunk: MERGED_TOKENS,
});

export const answerWithoutUsage = ofEngines('no usage, even where it is asked for', { withholdsUsage: true });

export const answerCachedTokens = ofEngines(
  'usage reports cached prompt tokens, as with --enable-prompt-tokens-details (the demo’s engines lack it)',
  { reportsCachedTokens: true },
);

export const answer400 = ofEngines(
  'completions are refused with 400: the prompt is longer than the context',
  {
    refusal: 'context-too-long',
  },
);

export const answer401 = ofEngines('everything under /v1 is refused with 401, as with --api-key', {
  refusal: 'unauthorized',
});

export const answer429 = ofEngines('completions are refused with 429 and Retry-After: 5', {
  refusal: 'too-many-requests',
});

export const answer503 = ofEngines('every path answers 503 with an HTML page, through the Gateway too', {
  refusal: 'unavailable-page',
});

export const wrongModel = ofEngines('the engines answer to another model name only', ({ plan }) => ({
  modelId: `${plan.options.servedModelName}-v2`,
}));

export const slowEngines = ofEngines(`steps take ${SLOWDOWN} times longer`, { slowdown: SLOWDOWN });

export const slowReplica: Fault = {
  description: `steps of one engine take ${SLOWDOWN} times longer, those of its neighbours do not`,
  aim: { whenUnaimed: 'the distributed arm' },
  start: ({ engines }, arm) => {
    const slow = engines.running().find((entry) => entry.arm === (arm ?? 'distributed'))?.podUid;
    return engines.add((entry) => (entry.podUid === slow ? { slowdown: SLOWDOWN } : null));
  },
};
