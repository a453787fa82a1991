/** What really happened to each request, written down by the engines themselves: the yardstick for what metrics say. */
import type { RequestTruth } from '../parts.ts';

/** A request as its engine keeps the books of it. */
export type OpenRequest = {
  -readonly [Field in keyof RequestTruth]: RequestTruth[Field] extends readonly number[]
    ? number[]
    : RequestTruth[Field];
};

export interface RequestLedger {
  begin(request: Pick<RequestTruth, 'podName' | 'model' | 'promptTokens' | 'arrivedMs'>): OpenRequest;
  /** In the order of arrival; entries of requests under way go on changing. */
  requests(): readonly RequestTruth[];
}

/** Keeps the newest requests, so many of them. */
export function createRequestLedger(limit: number): RequestLedger {
  let requests: OpenRequest[] = [];
  return {
    begin: (request) => {
      const entry: OpenRequest = {
        ...request,
        queuedMs: null,
        scheduledMs: null,
        cachedTokens: null,
        transfer: null,
        preemptedMs: [],
        tokensMs: [],
        end: 'running',
      };
      requests.push(entry);
      // In pieces, so that a long rehearsal does not shift the list at every request.
      if (requests.length > limit * 1.25) requests = requests.slice(-limit);
      return entry;
    },
    requests: () => requests.slice(-limit),
  };
}
