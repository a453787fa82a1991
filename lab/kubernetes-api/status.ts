import type { Kind } from './kinds.ts';

/** A cause inside a Status, as 409 and 422 carry them. */
export interface StatusCause {
  reason: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The body of every refusal of the API (and of some deletions). */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** A request that ends in a Status. */
export class ApiError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }

  get code(): number {
    return this.status.code ?? 500;
  }
}

/** Flow control sends the request away, in plain text. */
export class TooManyRequests extends Error {
  readonly retryAfterSeconds = 1;
}

/** A body that is not what its content type says. */
export class UnreadableBody extends Error {}

/** A path that no group, version or resource answers: plain text, never a Status. */
export class PageNotFound extends Error {}

/** A refusal in the shape that clients read. */
export function failure(code: number, reason: string, message: string, details?: StatusDetails): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

/** `<plural>.<group>`, or the plain plural for the core group. */
export function resourceName(kind: Pick<Kind, 'group' | 'plural'>): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

export function detailsOf(kind: Kind, name?: string): StatusDetails {
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.plural,
  };
}

export const unauthorized = (): ApiError => failure(401, 'Unauthorized', 'Unauthorized');

/** A request took longer than it may. */
export const requestTimedOut = (): ApiError =>
  failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {});

/** What clients see while etcd is without a leader. */
export const leaderChanged = (): ApiError => failure(500, '', 'etcdserver: leader changed', {});

export const badRequest = (message: string): ApiError => failure(400, 'BadRequest', message);

export const notFound = (kind: Kind, name: string): ApiError =>
  failure(404, 'NotFound', `${resourceName(kind)} "${name}" not found`, detailsOf(kind, name));

export const alreadyExists = (kind: Kind, name: string): ApiError =>
  failure(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`, detailsOf(kind, name));

export const conflict = (kind: Kind, name: string, why?: string): ApiError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${
      why ?? 'the object has been modified; please apply your changes to the latest version and try again'
    }`,
    detailsOf(kind, name),
  );

/** A deletion that was meant for another object; it names the Kind, unlike other conflicts. */
export const preconditionFailed = (kind: Kind, name: string, why: string): ApiError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}": ${why}`,
    {
      ...detailsOf(kind, name),
      kind: kind.kind,
    },
  );

export const methodNotAllowed = (): ApiError =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** What Kubernetes' own groups say to a path they do not have; elsewhere it is a page of text. */
export const noSuchResource = (): ApiError =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** What Kubernetes' own groups say to a patch of an unknown type. */
export const unsupportedPatchType = (): ApiError =>
  failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

export const unsupportedMediaType = (accepted: string[]): ApiError =>
  failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

const REPRESENTATIONS = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

export const notAcceptable = (isBuiltIn: boolean): ApiError =>
  isBuiltIn
    ? failure(
        406,
        'NotAcceptable',
        `406: Not Acceptable\n\nAvailable representations: ${REPRESENTATIONS}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`,
        {},
      )
    : failure(406, 'NotAcceptable', `only the following media types are accepted: ${REPRESENTATIONS}`);

export const internalError = (error: unknown): ApiError =>
  failure(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  );

/** `Success`, as a deletion that is done at once answers. */
export function success(kind: Kind, name: string, uid: string): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(kind, name), uid },
  };
}
