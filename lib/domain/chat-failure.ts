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

/** Whether the failure says that the endpoint does not serve. */
export function blamesEndpoint(code: ChatFailureCode): boolean {
  return !ABOUT_THE_REQUEST.includes(code);
}
