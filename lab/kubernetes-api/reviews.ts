/** The access reviews: may I, what may I, who am I. */
import type { User } from './access.ts';
import type { ApiContext } from './context.ts';
import { isRecord, toTimestamp, valueAt } from './object.ts';
import { decodeProtobufObject } from './protobuf-object.ts';
import { badRequest } from './status.ts';

function textAt(body: unknown, ...path: string[]): string {
  const value = valueAt(body, ...path);
  return typeof value === 'string' ? value : '';
}

/** Whom a SubjectAccessReview asks about. */
function subjectOf(body: unknown): User {
  const groups = valueAt(body, 'spec', 'groups');
  return {
    name: textAt(body, 'spec', 'user'),
    uid: textAt(body, 'spec', 'uid'),
    groups: Array.isArray(groups) ? groups.map(String) : [],
  };
}

export function answerReview(
  kind: string,
  body: unknown,
  user: User,
  { authorizer, clock }: ApiContext,
): Record<string, unknown> {
  if (!isRecord(body)) throw badRequest('the object provided is unrecognized');
  switch (kind) {
    case 'SelfSubjectReview':
      return {
        kind,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: toTimestamp(clock.nowMs()) },
        status: { userInfo: { username: user.name, uid: user.uid, groups: user.groups } },
      };
    case 'SelfSubjectAccessReview':
    case 'LocalSubjectAccessReview':
    case 'SubjectAccessReview': {
      const subject = kind === 'SelfSubjectAccessReview' ? user : subjectOf(body);
      const resource = valueAt(body, 'spec', 'resourceAttributes');
      const subresource = textAt(resource, 'subresource');
      const { isAllowed: allowed, reason } = authorizer.decide(
        subject,
        isRecord(resource)
          ? {
              verb: textAt(resource, 'verb'),
              group: textAt(resource, 'group'),
              resource: textAt(resource, 'resource') + (subresource === '' ? '' : `/${subresource}`),
              namespace: textAt(resource, 'namespace') || undefined,
              name: textAt(resource, 'name') || undefined,
            }
          : {
              verb: textAt(body, 'spec', 'nonResourceAttributes', 'verb'),
              path: textAt(body, 'spec', 'nonResourceAttributes', 'path'),
            },
      );
      return {
        kind,
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: body.spec,
        status: { allowed, ...(reason === '' ? {} : { reason }) },
      };
    }
    case 'SelfSubjectRulesReview': {
      const rules = authorizer.rulesOf(user, textAt(body, 'spec', 'namespace'));
      return {
        kind,
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: body.spec,
        status: {
          resourceRules: rules
            .filter(({ resources }) => resources !== undefined)
            .map(({ verbs, apiGroups, resources, resourceNames }) => ({
              verbs,
              apiGroups,
              resources,
              ...(resourceNames === undefined ? {} : { resourceNames }),
            })),
          nonResourceRules: rules
            .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
            .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
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
  if (contentType.startsWith('application/vnd.kubernetes.protobuf')) return decodeProtobufObject(bytes);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badRequest('the body of the request is not valid JSON');
  }
}
