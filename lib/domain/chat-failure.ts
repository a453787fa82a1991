/** Why an answer failed, as the `code` of a chat error event; each has its face on the chat screen. */
export const CHAT_FAILURE_CODES = [
  'no-endpoint',
  'unreachable',
  'certificate-not-trusted',
  'redirect-refused',
  'unauthorized',
  'forbidden',
  'wrong-model',
  'not-found',
  'context-too-long',
  'rejected',
  'rate-limited',
  'unavailable',
  'gateway-error',
  'not-a-stream',
  'malformed',
  'too-large',
  'engine-error',
  'reset',
  'ended-early',
  'no-first-token',
  'stalled',
  'time-limit',
  'aborted',
] as const;
export type ChatFailureCode = (typeof CHAT_FAILURE_CODES)[number];

/** Failures that lie in the question or in the person asking; they prove nothing about the endpoint. */
const ABOUT_THE_REQUEST: readonly ChatFailureCode[] = [
  'context-too-long',
  'rejected',
  'rate-limited',
  'time-limit',
  'aborted',
];

/** What ends a stream that had begun well: whoever sent its tokens went away, or could not go on. */
const BREAKS: readonly ChatFailureCode[] = ['reset', 'ended-early', 'stalled', 'engine-error'];

/**
 * Whether the failure says that the endpoint does not serve. A break after tokens does not: they came all the way, and a pod
 * that died in mid-answer says nothing of the way to the others.
 */
export function blamesEndpoint(code: ChatFailureCode, hasTokens: boolean): boolean {
  return !ABOUT_THE_REQUEST.includes(code) && !(hasTokens && BREAKS.includes(code));
}
