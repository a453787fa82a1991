/** 403: who may not do what, in the words of the authorizer, of RBAC and of admission webhooks. */
import type { Kind } from './kinds.ts';
import { type ApiError, detailsOf, failure, resourceName } from './status.ts';

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
