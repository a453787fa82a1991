import 'server-only';
import { z } from 'zod';

/** What went wrong, as far as a caller may want to act on it. */
export type ProblemKind =
  | 'not-configured'
  | 'unauthenticated'
  | 'forbidden'
  /** The plain-text 404 of a group, version or resource that is not served. */
  | 'not-installed'
  /** The Status 404 of an object. */
  | 'not-found'
  /** 410: the version asked for is gone; list again. */
  | 'expired'
  /** 504: the version asked for is newer than the answering server knows. */
  | 'version-too-large'
  /** 429 */
  | 'throttled'
  /** 5xx */
  | 'unavailable'
  /** Refused, reset or cut off. */
  | 'connection'
  | 'timeout'
  | 'name-not-found'
  | 'certificate'
  | 'redirect'
  /** An answer that is not what a Kubernetes API sends. */
  | 'unreadable'
  /** Any other refusal. */
  | 'unexpected'
  /** We ended the request ourselves. */
  | 'stopped';

export interface ProblemFacts {
  httpStatus?: number;
  retryAfterMs?: number | null;
  cause?: unknown;
  /** Which file or address it was, for the log alone. */
  whereabouts?: string;
}

/**
 * A request to the Kubernetes API that failed. The message is fit for the audience: it never holds a body,
 * a header or a credential, nor a path of this machine or the API's address (platform-pitfalls A10).
 */
export class KubernetesError extends Error {
  readonly kind: ProblemKind;
  readonly httpStatus: number | null;
  /** What the server asked for in `Retry-After`. */
  readonly retryAfterMs: number | null;
  /** Which file or address it was, for the log alone. */
  readonly whereabouts: string | null;

  constructor(kind: ProblemKind, message: string, facts: ProblemFacts = {}) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = 'KubernetesError';
    this.kind = kind;
    this.httpStatus = facts.httpStatus ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.whereabouts = facts.whereabouts ?? null;
  }
}

export function stoppedError(): KubernetesError {
  return new KubernetesError('stopped', 'The request was ended by the dashboard.');
}

/** The parts of a Status object that decide; https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export const statusSchema = z.object({
  kind: z.literal('Status'),
  details: z
    .object({
      retryAfterSeconds: z.number().nullish(),
      causes: z.array(z.object({ reason: z.string().nullish() })).nullish(),
    })
    .nullish(),
});
export type Status = z.infer<typeof statusSchema>;

export interface RefusedAnswer {
  httpStatus: number;
  contentType: string;
  retryAfter: string | null;
  /** The body, where it is a Status. */
  status: Status | null;
}

/** The error for an answer that is not a success. */
export function toRefusal(answer: RefusedAnswer): KubernetesError {
  const { httpStatus, status } = answer;
  const retryAfterMs = readRetryAfterMs(answer);
  const refusal = (kind: ProblemKind, message: string): KubernetesError =>
    new KubernetesError(kind, message, { httpStatus, retryAfterMs });
  switch (httpStatus) {
    case 401:
      return refusal(
        'unauthenticated',
        'The API server does not accept the credentials; log in again (oc login).',
      );
    case 403:
      return refusal('forbidden', 'The API server refuses this request: the right is missing.');
    case 404:
      if (status !== null) return refusal('not-found', 'There is no such object.');
      if (answer.contentType.startsWith('text/plain')) {
        return refusal('not-installed', 'The API server does not serve this kind.');
      }
      return refusal('unreadable', 'The answer (404) does not come from a Kubernetes API.');
    case 410:
      return refusal('expired', 'The version asked for has expired.');
    case 429:
      return refusal('throttled', describeThrottling(retryAfterMs));
    default:
  }
  if (isVersionTooLarge(answer)) {
    return refusal('version-too-large', 'The answering API server has not caught up yet.');
  }
  if (httpStatus >= 500) return refusal('unavailable', `The API server answers ${httpStatus}.`);
  if (httpStatus >= 300 && httpStatus < 400) {
    return refusal(
      'redirect',
      `The API server's address answers with a redirect (${httpStatus}), which is not followed.`,
    );
  }
  return refusal('unexpected', `The API server refuses this request (${httpStatus}).`);
}

function describeThrottling(retryAfterMs: number | null): string {
  const next = retryAfterMs === null ? '' : `; next try in ${Math.ceil(retryAfterMs / 1000)} s`;
  return `The API server is limiting requests${next}.`;
}

function isVersionTooLarge({ httpStatus, status }: RefusedAnswer): boolean {
  const causes = status?.details?.causes ?? [];
  return httpStatus === 504 && causes.some((cause) => cause.reason === 'ResourceVersionTooLarge');
}

/** The pause asked for, from the header in seconds or from the Status. */
function readRetryAfterMs({ retryAfter, status }: RefusedAnswer): number | null {
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  const fromStatus = status?.details?.retryAfterSeconds ?? null;
  const asked = seconds ?? (fromStatus !== null && fromStatus > 0 ? fromStatus : null);
  return asked === null ? null : asked * 1000;
}

/** Any failure of a connection as our own error. */
export function toConnectionError(error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const code = findCode(error);
  const problem = (kind: ProblemKind, message: string): KubernetesError =>
    new KubernetesError(kind, message, { cause: error });
  switch (code) {
    case 'ECONNREFUSED':
      return problem('connection', 'The API server refuses the connection.');
    case 'ENOTFOUND':
      return problem('name-not-found', "The API server's name is not found.");
    case 'EAI_AGAIN':
      return problem('name-not-found', 'The name service does not answer for the API server.');
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return problem('timeout', 'The API server does not answer.');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return problem('connection', 'There is no way to the API server.');
    default:
  }
  if (code !== null && isCertificateCode(code)) {
    return problem(
      'certificate',
      `The API server's certificate is not trusted: ${describeCertificate(code)}.`,
    );
  }
  return problem('connection', 'The connection to the API server broke.');
}

/** Node and undici wrap the telling error in causes and aggregates. */
function findCode(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null;
  if ('code' in error && typeof error.code === 'string' && error.code !== 'UND_ERR_SOCKET') return error.code;
  if (error instanceof AggregateError) {
    return error.errors.map((one: unknown) => findCode(one, depth + 1)).find((code) => code !== null) ?? null;
  }
  return findCode(error.cause, depth + 1);
}

const CERTIFICATE_CODE = /CERT|^ERR_(SSL|TLS)_|^EPROTO$|SIGNATURE_FAILURE|UNABLE_TO_/;

function isCertificateCode(code: string): boolean {
  return CERTIFICATE_CODE.test(code);
}

function describeCertificate(code: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'it has expired';
    case 'CERT_NOT_YET_VALID':
      return 'it is not valid yet';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'it is for another name';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return 'it was issued by an authority that is not trusted';
    default:
      return code;
  }
}
