/** The access reviews: may I, what may I, who am I. */
import { isAllowed, type User } from './access.ts';
import { isRecord, toTimestamp, valueAt } from './object.ts';
import { decodeProtobufReview } from './protobuf-review.ts';
import { badRequest } from './status.ts';

function textAt(body: unknown, ...path: string[]): string {
  const value = valueAt(body, ...path);
  return typeof value === 'string' ? value : '';
}

/** Paths that every authenticated user may read. */
export const OPEN_PATHS = [
  /^\/api$/,
  /^\/api\/v1$/,
  /^\/apis$/,
  /^\/apis\/[^/]+(\/[^/]+)?$/,
  /^\/openapi(\/.*)?$/,
  /^\/version\/?$/,
  /^\/(healthz|livez|readyz)(\/.*)?$/,
];

/** Paths that anyone may read, token or not. */
export const PUBLIC_PATHS = [/^\/version\/?$/, /^\/(healthz|livez|readyz)(\/.*)?$/];

export function answerReview(
  kind: string,
  body: unknown,
  user: User,
  nowMs: number,
): Record<string, unknown> {
  if (!isRecord(body)) throw badRequest('the object provided is unrecognized');
  switch (kind) {
    case 'SelfSubjectReview':
      return {
        kind,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: toTimestamp(nowMs) },
        status: { userInfo: { username: user.name, uid: user.uid, groups: user.groups } },
      };
    case 'SelfSubjectAccessReview': {
      const resource = valueAt(body, 'spec', 'resourceAttributes');
      const subresource = textAt(resource, 'subresource');
      const allowed = isRecord(resource)
        ? isAllowed(user, {
            verb: textAt(resource, 'verb'),
            group: textAt(resource, 'group'),
            resource: textAt(resource, 'resource') + (subresource === '' ? '' : `/${subresource}`),
            namespace: textAt(resource, 'namespace') || undefined,
            name: textAt(resource, 'name') || undefined,
          })
        : OPEN_PATHS.some((pattern) => pattern.test(textAt(body, 'spec', 'nonResourceAttributes', 'path')));
      return {
        kind,
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: body.spec,
        status: allowed ? { allowed, reason: `RBAC: allowed by ${user.grantedBy}` } : { allowed },
      };
    }
    case 'SelfSubjectRulesReview': {
      const namespace = textAt(body, 'spec', 'namespace');
      return {
        kind,
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: body.spec,
        status: {
          resourceRules: user.rules
            .filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace))
            .map(({ verbs, apiGroups, resources, resourceNames }) => ({
              verbs,
              apiGroups,
              resources,
              ...(resourceNames === undefined ? {} : { resourceNames }),
            })),
          nonResourceRules: [
            {
              verbs: ['get'],
              nonResourceURLs: [
                '/api',
                '/api/*',
                '/apis',
                '/apis/*',
                '/healthz',
                '/livez',
                '/openapi',
                '/openapi/*',
                '/readyz',
                '/version',
                '/version/',
              ],
            },
          ],
          incomplete: false,
        },
      };
    }
    default:
      throw badRequest(`no review called ${kind}`);
  }
}

/** Reviews arrive as JSON, or as protobuf from kubectl's `auth can-i`. */
export function parseReviewBody(contentType: string, bytes: Buffer): unknown {
  if (contentType.startsWith('application/vnd.kubernetes.protobuf')) return decodeProtobufReview(bytes);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badRequest('the body of the request is not valid JSON');
  }
}
