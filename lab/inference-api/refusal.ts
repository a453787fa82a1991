/** Answers that come instead of the engine's own, on demand (metrics §10.2). */
import type { ServerResponse } from 'node:http';
import { UNAVAILABLE_PAGE } from '../ingress/unavailable-page.ts';
import type { RefusalFault } from '../parts.ts';
import { sendBody, sendJson } from './http-exchange.ts';

const RETRY_AFTER_SECONDS = '5';
const RATE_LIMITED = 'Too Many Requests\n';

function isCompletion(path: string): boolean {
  return path === '/v1/chat/completions' || path === '/v1/completions';
}

/** Sends the refusal where it applies to this path; whether it did. What the engine refuses by itself is left to it. */
export function refuse(response: ServerResponse, path: string, refusal: RefusalFault | null): boolean {
  switch (refusal) {
    case null:
    case 'context-too-long':
      return false;
    case 'unauthorized':
      if (!path.startsWith('/v1')) return false;
      sendJson(response, 401, { error: 'Unauthorized' });
      return true;
    case 'too-many-requests':
      if (!isCompletion(path)) return false;
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      sendBody(response, 429, 'text/plain', RATE_LIMITED);
      return true;
    case 'unavailable-page':
      response.setHeader('cache-control', 'private, max-age=0, no-cache, no-store');
      sendBody(response, 503, 'text/html', UNAVAILABLE_PAGE);
      return true;
    default:
      return refusal satisfies never;
  }
}

/** A rate limiter or a proxy says it, not the engine: none of the engine's counters moves. */
export function isInFront(refusal: RefusalFault | null): boolean {
  return refusal === 'too-many-requests' || refusal === 'unavailable-page';
}
