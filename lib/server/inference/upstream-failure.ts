import 'server-only';
import type { ChatFailureCode } from '@/lib/domain/chat-failure';
import { isAddressRefused } from '@/lib/server/http/address-check';
import { type ConnectionFailure, connectionFailureOf } from '@/lib/server/http/connection-failure';
import { refusalSchema } from './wire';

/**
 * Why an endpoint gave no answer. The message is ours: a foreign body is only recognised, never repeated, since it may
 * hold anything.
 */
export interface UpstreamFailure {
  code: ChatFailureCode;
  message: string;
  upstreamStatus: number | null;
  /** May be tried once more while no byte of an answer has come. */
  isRetryable: boolean;
}

export function failure(
  code: ChatFailureCode,
  message: string,
  upstreamStatus: number | null = null,
  isRetryable = false,
): UpstreamFailure {
  return { code, message, upstreamStatus, isRetryable };
}

const CONNECTION_MESSAGES: Record<ConnectionFailure, string> = {
  'name-not-resolved': 'The host name of the endpoint does not resolve.',
  'connection-refused': 'The endpoint refuses the connection.',
  'connect-timeout': 'No connection to the endpoint could be made in time.',
  'certificate-not-trusted': 'The certificate of the endpoint is not trusted (MODEL_CA_FILE).',
  'connection-broken': 'The connection broke before an answer came.',
};

/** `MODEL_CA_FILE` cannot be read, so that nobody's certificate can be checked. */
export class CaFileUnreadable extends Error {
  readonly code = 'ERR_CA_FILE_UNREADABLE';

  constructor(cause: unknown) {
    super('The file of trusted certificates (MODEL_CA_FILE) cannot be read, so no connection is made.', {
      cause,
    });
    this.name = 'CaFileUnreadable';
  }
}

/** The request never got an answer's first byte. */
export function failureOfConnection(error: unknown): UpstreamFailure {
  if (error instanceof CaFileUnreadable) return failure('certificate-not-trusted', error.message);
  // In our own words already; the same name will lead there again.
  if (isAddressRefused(error)) return failure('unreachable', error.message);
  const kind = connectionFailureOf(error);
  return kind === 'certificate-not-trusted'
    ? failure('certificate-not-trusted', CONNECTION_MESSAGES[kind])
    : failure('unreachable', CONNECTION_MESSAGES[kind], null, true);
}

export interface RefusedAnswer {
  status: number;
  retryAfter: string | null;
  contentType: string;
  /** At most the first part of it. */
  body: string;
}

/** What a status other than 200 means, and who most likely said it (metrics §10.2). */
export function failureOfAnswer(answer: RefusedAnswer, model: string): UpstreamFailure {
  const { status } = answer;
  const said = (code: ChatFailureCode, message: string, isRetryable = false) =>
    failure(code, message, status, isRetryable);
  if (status >= 300 && status < 400) {
    return said(
      'redirect-refused',
      `The endpoint answered with a redirect (${status}), which is not followed.`,
    );
  }
  switch (status) {
    case 400:
    case 413:
    case 422:
      return badRequest(answer, said);
    case 401:
      return said(
        'unauthorized',
        'The endpoint wants a credential (401): none was sent, or it is not valid.',
      );
    case 403:
      return said('forbidden', 'The credential may not use this model (403).');
    case 404:
      return /does not exist/.test(messageOf(answer))
        ? said('wrong-model', `The endpoint does not serve a model named ${model} (404).`)
        : said('not-found', 'Nothing is served at this address (404).');
    case 429:
      return said('rate-limited', `Too many requests (429).${retryHint(answer.retryAfter)}`);
    default:
      return status >= 500
        ? said(serverCode(status), serverMessage(answer), status >= 502 && status <= 504)
        : said('rejected', `The endpoint rejected the request (${status}).`);
  }
}

function badRequest(
  answer: RefusedAnswer,
  said: (code: ChatFailureCode, message: string) => UpstreamFailure,
): UpstreamFailure {
  const text = messageOf(answer);
  const limit = /maximum context length is (\d{1,9})/.exec(text)?.[1];
  if (limit === undefined)
    return said('rejected', `The endpoint rejected the request as invalid (${answer.status}).`);
  const input = /(?:has|requested) (\d{1,9}) (?:input )?tokens/.exec(text)?.[1];
  const output = /is too large: (\d{1,9})/.exec(text)?.[1];
  const asked = input === undefined ? '' : `; the conversation has ${input}`;
  const wanted = output === undefined ? '' : `, the answer may take ${output} more`;
  return said(
    'context-too-long',
    `Too long for this model: its context holds ${limit} tokens${asked}${wanted}.`,
  );
}

/** 503 is "nobody there now"; other server errors are a fault on the way or in the engine. */
function serverCode(status: number): ChatFailureCode {
  return status === 503 ? 'unavailable' : 'gateway-error';
}

/** Bodies of known layers, by words that only they use. */
const KNOWN_BODIES: readonly [RegExp, string][] = [
  [/no healthy upstream/i, 'the gateway has no healthy pod to send to'],
  [/upstream connect error|reset before headers/i, 'the gateway could not connect to a pod'],
  [/upstream request timeout/i, 'the gateway waited too long for a pod'],
  [/failed to find candidate pods/i, 'the endpoint picker found no pod that can serve'],
  [/inference (?:gateway|error)/i, 'the endpoint picker refused'],
  [
    /not currently serving|currently not serving|application is not available/i,
    'the router has no ready endpoint',
  ],
];

function serverMessage({ status, body }: RefusedAnswer): string {
  const known = KNOWN_BODIES.find(([pattern]) => pattern.test(body))?.[1];
  if (known !== undefined) return `No answer (${status}): ${known}.`;
  return status === 503
    ? 'Nobody serves at the endpoint now (503).'
    : `The endpoint, or a proxy before it, failed (${status}).`;
}

function retryHint(retryAfter: string | null): string {
  return retryAfter !== null && /^\d{1,5}$/.test(retryAfter) ? ` It asks to wait ${retryAfter} s.` : '';
}

/** The engine's own message, only for recognising it. */
function messageOf({ body, contentType }: RefusedAnswer): string {
  if (!contentType.includes('json')) return '';
  try {
    const refusal = refusalSchema.safeParse(JSON.parse(body)).data;
    const error = refusal?.error;
    return (typeof error === 'string' ? error : error?.message) ?? refusal?.message ?? '';
  } catch {
    return '';
  }
}
