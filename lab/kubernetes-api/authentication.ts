/** Who a request comes from: its token, and on whose behalf it wants to act. */
import type { IncomingMessage } from 'node:http';
import { ANONYMOUS, bearerToken, serviceAccountUser, type User } from './access.ts';
import type { ApiContext } from './context.ts';
import { forbidden } from './forbidden.ts';
import { unauthorized } from './status.ts';

function bearer({ users, serviceAccountTokens }: ApiContext, request: IncomingMessage): User {
  const token = bearerToken(request);
  if (token === null) return ANONYMOUS;
  const user = users.get(token) ?? serviceAccountTokens.userOf(token);
  if (user === undefined) throw unauthorized();
  return user;
}

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The values of a header that may come several times; node joins other headers of one name with commas. */
function headerValues(request: IncomingMessage, name: string): string[] {
  return request.headersDistinct[name] ?? [];
}

/** The user to act as, where the caller may impersonate every part of them. */
function impersonated(context: ApiContext, request: IncomingMessage, caller: User): User {
  const [name] = headerValues(request, 'impersonate-user');
  if (name === undefined) return caller;
  const mayActAs = (resource: string, attributes: { namespace?: string; name: string }): void => {
    const asked = { verb: 'impersonate', group: '', resource, ...attributes };
    const { isAllowed, reason } = context.authorizer.decide(caller, asked);
    if (!isAllowed) throw forbidden({ user: caller.name, ...asked }, reason);
  };
  const [, namespace, account] = SERVICE_ACCOUNT.exec(name) ?? [];
  const given = headerValues(request, 'impersonate-group');
  const uid = headerValues(request, 'impersonate-uid')[0] ?? '';
  if (namespace !== undefined && account !== undefined)
    mayActAs('serviceaccounts', { namespace, name: account });
  else mayActAs('users', { name });
  for (const group of given) mayActAs('groups', { name: group });
  const groups =
    namespace !== undefined && account !== undefined && given.length === 0
      ? serviceAccountUser(namespace, account, uid).groups
      : given;
  const everybody = name === ANONYMOUS.name ? 'system:unauthenticated' : 'system:authenticated';
  return { name, uid, groups: groups.includes(everybody) ? groups : [...groups, everybody] };
}

export function authenticate(context: ApiContext, request: IncomingMessage): User {
  return impersonated(context, request, bearer(context, request));
}
