/** 422: an object that does not fit, with its causes. */
import type { Kind } from './kinds.ts';
import { type ApiError, failure } from './status.ts';

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

/** A custom resource that is written without the version it changes; named as a resource, unlike other invalid objects. */
export function unversionedUpdate(kind: Kind, name: string): ApiError {
  const message = 'Invalid value: 0x0: must be specified for an update';
  return invalid(kind.plural, kind.group, name, [
    { reason: 'Invalid', field: 'metadata.resourceVersion', message },
  ]);
}
