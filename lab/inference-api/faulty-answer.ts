/** How an answer goes wrong once its first tokens are out. */
import type { ServerResponse } from 'node:http';
import type { AnswerFault } from '../parts.ts';
import type { Abort } from './engine-core.ts';
import { sendBody, sendEvent } from './http-exchange.ts';

/** As vLLM writes it into a stream whose engine has failed: Python's serialiser, with spaces (metrics §10.1). */
const ENGINE_FAILED =
  '{"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "type": "BadRequestError", "param": null, "code": 400}}';
/** Cut inside a string, as when a proxy loses bytes. */
const CUT_FRAME =
  '{"id":"chatcmpl-0","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"';

/** What becomes of the answer from here on. */
export type AfterFault = 'goes-on' | 'is-over';

/** A fault that needs tokens to be out first. */
export type LateFault = Exclude<AnswerFault, { kind: 'empty' | 'silent' }>;

export function isDue(fault: LateFault, completionTokens: number): boolean {
  return completionTokens > fault.afterTokens;
}

/** Lets the fault happen in a stream of events. */
export function breakStream(response: ServerResponse, fault: LateFault, abort: Abort): AfterFault {
  switch (fault.kind) {
    case 'malformed-chunk':
      sendEvent(response, CUT_FRAME);
      return 'goes-on';
    case 'error-object':
      sendEvent(response, ENGINE_FAILED);
      sendEvent(response, '[DONE]');
      response.end();
      break;
    case 'early-end':
      response.end();
      break;
    case 'reset':
      response.socket?.destroy();
      break;
    case 'stall':
      break;
    default:
      fault.kind satisfies never;
  }
  abort();
  return 'is-over';
}

/** Lets the fault happen to an answer that is sent at once. */
export function breakWhole(response: ServerResponse, fault: LateFault, abort: Abort): void {
  switch (fault.kind) {
    case 'malformed-chunk':
      sendBody(response, 200, 'application/json', CUT_FRAME);
      break;
    case 'error-object':
      sendBody(response, 400, 'application/json', ENGINE_FAILED);
      break;
    case 'early-end':
    case 'reset':
      response.socket?.destroy();
      break;
    case 'stall':
      break;
    default:
      fault.kind satisfies never;
  }
  abort();
}
