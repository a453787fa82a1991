/** Who asks: bearer tokens and the users behind them. What they may do is evaluated from the cluster's own objects. */
import type { IncomingMessage } from 'node:http';

export interface User {
  name: string;
  uid: string;
  groups: string[];
}

/** What a request does to objects. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  /** `pods` or `pods/log`. */
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** What a request does to a path that is no object: discovery, health, schemas. */
export interface PathAttributes {
  verb: string;
  path: string;
}

export const ANONYMOUS: User = {
  name: 'system:anonymous',
  uid: '',
  groups: ['system:unauthenticated'],
};

/** The bearer token of a request, or null where it carries none. */
export function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}

/** A cluster administrator. */
export const ADMINISTRATOR: User = {
  name: 'kube:admin',
  uid: 'b1f1c5a0-5b0f-4d1e-9b62-6a0f9c1f7a11',
  groups: ['system:cluster-admins', 'system:authenticated'],
};

/** A service account as the API server sees it. */
export function serviceAccountUser(namespace: string, name: string, uid: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}
