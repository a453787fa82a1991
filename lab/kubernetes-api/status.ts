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

function failure(code: number, reason: string, message: string, details?: StatusDetails): ApiError {
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

function detailsOf(kind: Kind, name?: string): StatusDetails {
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

export interface ForbiddenAttributes {
  user: string;
  verb: string;
  group: string;
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** `reason` is what the authorizer has to tell beyond no; usually nothing. */
export function forbidden(
  { user, verb, group, resource, namespace, name }: ForbiddenAttributes,
  reason = '',
): ApiError {
  const plural = resource.split('/')[0] ?? resource;
  const subject = group === '' ? plural : `${plural}.${group}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return failure(
    403,
    'Forbidden',
    `${subject}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}${reason === '' ? '' : `: ${reason}`}`,
    {
      ...(name === undefined ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: plural,
    },
  );
}

/** Somebody tries to give away rights that they do not have themselves. */
export function forbiddenGrant(
  kind: Kind,
  name: string,
  user: { name: string; groups: string[] },
  rules: string[],
): ApiError {
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  return failure(
    403,
    'Forbidden',
    `${resourceName(kind)} "${name}" is forbidden: user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${rules.join('\n')}`,
    detailsOf(kind, name),
  );
}

export const forbiddenPath = (user: string, verb: string, path: string, reason = ''): ApiError =>
  failure(
    403,
    'Forbidden',
    `forbidden: User "${user}" cannot ${verb} path "${path}"${reason === '' ? '' : `: ${reason}`}`,
    {},
  );

/** An admission webhook's refusal. */
export const deniedByWebhook = (webhook: string, why: string): ApiError =>
  failure(403, 'Forbidden', `admission webhook "${webhook}" denied the request: ${why}`);

export const methodNotAllowed = (): ApiError =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** What Kubernetes' own groups say to a path they do not have; elsewhere it is a page of text. */
export const noSuchResource = (): ApiError =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** A custom resource that is written without the version it changes; named as a resource, unlike other invalid objects. */
export function unversionedUpdate(kind: Kind, name: string): ApiError {
  const message = 'Invalid value: 0x0: must be specified for an update';
  return invalid(kind.plural, kind.group, name, [
    { reason: 'Invalid', field: 'metadata.resourceVersion', message },
  ]);
}

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

export const expiredList = (): ApiError =>
  failure(410, 'Expired', 'The resourceVersion for the provided list is too old.');

/** A `continue` token whose snapshot is gone; the new token goes on without a consistent snapshot. */
export function expiredContinue(inconsistentContinue: string): ApiError {
  const error = failure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata.continue = inconsistentContinue;
  return error;
}

export const tooOldForWatch = (requested: number, oldest: number): ApiError =>
  failure(410, 'Expired', `too old resource version: ${requested} (${oldest})`);

export const tooLargeResourceVersion = (requested: number, current: number): ApiError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${requested}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

const CAUSE_REASON = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  NotSupported: 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  TypeInvalid: 'FieldValueTypeInvalid',
  TooLong: 'FieldValueTooLong',
  TooMany: 'FieldValueTooMany',
  Duplicate: 'FieldValueDuplicate',
} as const;

/** One problem of an invalid object. */
export interface FieldProblem {
  reason: keyof typeof CAUSE_REASON;
  field: string;
  message: string;
}

/** A patch whose operations do not fit the object. */
export const unfitPatch = (): ApiError =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** Options that do not fit: `kindName` is `CreateOptions`, `PatchOptions` and so on. */
export const invalidOptions = (kindName: string, problem: FieldProblem): ApiError =>
  invalid(kindName, 'meta.k8s.io', '', [problem]);

export function invalid(kindName: string, group: string, name: string, problems: FieldProblem[]): ApiError {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const subject = group === '' ? kindName : `${kindName}.${group}`;
  return failure(422, 'Invalid', `${subject} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: kindName,
    causes: problems.map(({ reason, field, message }) => ({ reason: CAUSE_REASON[reason], message, field })),
  });
}

/** A field that another manager owns; `manager` as it is printed, with the version that an ordinary writer used. */
export interface ApplyConflict {
  manager: string;
  field: string;
}

/** Server-side apply against fields that other managers own: one in a line, several manager by manager. */
export function applyConflict(conflicts: ApplyConflict[]): ApiError {
  const [only, ...others] = conflicts;
  const byManager = Map.groupBy(
    conflicts.toSorted((left, right) => (left.manager < right.manager ? -1 : 1)),
    ({ manager }) => manager,
  );
  const listed = [...byManager].map(([manager, fields]) =>
    [`conflicts with ${manager}:`, ...fields.map(({ field }) => `- ${field}`).sort()].join('\n'),
  );
  const text =
    only !== undefined && others.length === 0
      ? `1 conflict: conflict with ${only.manager}: ${only.field}`
      : `${conflicts.length} conflicts: ${listed.join('\n')}`;
  return failure(409, 'Conflict', `Apply failed with ${text}`, {
    causes: conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field,
    })),
  });
}

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
