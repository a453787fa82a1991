import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ApiResource } from '@/lib/domain/cluster';
import { KubernetesError } from './errors';
import { createPoller, type PollContext, type Poller } from './poller';

const versionSchema = z.object({ gitVersion: z.string() });

// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api, the unaggregated form
const groupListSchema = z.object({
  groups: z.array(z.object({ versions: z.array(z.object({ groupVersion: z.string() })) })),
});

const resourceListSchema = z.object({
  resources: z
    .array(
      z.object({
        name: z.string(),
        kind: z.string(),
        namespaced: z.boolean(),
        verbs: z.array(z.string()).nullish(),
        shortNames: z.array(z.string()).nullish(),
      }),
    )
    .nullable(),
});

/** `GET /version`: who the API server says it is. */
export function createVersionPoller(context: PollContext): Poller<{ gitVersion: string }> {
  return createPoller(context, {
    path: '/version',
    parse: (body) => [readAs(versionSchema, body)],
    isSame: isDeepStrictEqual,
  });
}

/** `GET /apis`: every group version that is served. */
export function createGroupVersionsPoller(context: PollContext): Poller<string> {
  return createPoller(context, {
    path: '/apis',
    parse: (body) =>
      readAs(groupListSchema, body).groups.flatMap((group) =>
        group.versions.map((version) => version.groupVersion),
      ),
    isSame: isDeepStrictEqual,
  });
}

/** `GET /apis/<group>/<version>` (`/api/v1` for the core): the resources of one group version. */
export function createDiscoveryPoller(context: PollContext, groupVersion: string): Poller<ApiResource> {
  return createPoller(context, {
    path: groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`,
    parse: (body) =>
      (readAs(resourceListSchema, body).resources ?? []).map(({ verbs, shortNames, ...resource }) => ({
        ...resource,
        verbs: verbs ?? [],
        shortNames: shortNames ?? [],
      })),
    isSame: isDeepStrictEqual,
  });
}

function readAs<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new KubernetesError(
    'unreadable',
    'The answer does not come from a Kubernetes API: its form is unknown.',
  );
}
