import 'server-only';
import { z } from 'zod';
import type { KindSchema, ResourceView } from '@/lib/domain/cluster';
import { createBackOff } from './back-off';
import { KubernetesError, toConnectionError } from './errors';
import { createLoop, type Loop, type PollContext } from './poller';
import type { ExplainedKind } from './resource-definition';
import { pauseAfter, vary } from './retry-policy';
import { readFieldPaths } from './schema-paths';
import { createViewKeeper, type ViewKeeper } from './view-keeper';

const INDEX_PATH = '/openapi/v3';

const indexSchema = z.object({
  paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })),
});

/** Where each document is, by path; part of the index. */
type Addresses = z.infer<typeof indexSchema>['paths'];

/** The schemas behind `oc explain`, by group version. */
export interface SchemaPoller extends Loop {
  views(): Readonly<Record<string, ResourceView<KindSchema>>>;
}

interface GroupVersionSchemas {
  kinds: readonly string[];
  keeper: ViewKeeper<KindSchema>;
  items: readonly KindSchema[];
  /** Address of the document the items come from; holds its hash, so a new address means a new schema. */
  address: string | null;
}

/**
 * Reads the index of OpenAPI documents now and then and a document only when its address has changed. An
 * unchanged address proves an unchanged schema.
 */
export function createSchemaPoller(context: PollContext, explained: readonly ExplainedKind[]): SchemaPoller {
  const { client, clock, random, timing } = context;
  const backOff = createBackOff({ ...timing.backOff, random });
  const groups = new Map<string, GroupVersionSchemas>();
  let index: { addresses: Addresses; etag: string | null } | null = null;

  for (const { groupVersion } of explained) {
    if (groups.has(groupVersion)) continue;
    const group: GroupVersionSchemas = {
      kinds: explained.filter((one) => one.groupVersion === groupVersion).map((one) => one.kind),
      items: [],
      address: null,
      keeper: createViewKeeper({
        request: `GET ${INDEX_PATH}/${indexKey(groupVersion)}`,
        items: () => group.items,
        clock,
        timing: timing.view,
        onChange: context.onChange,
      }),
    };
    groups.set(groupVersion, group);
  }

  async function readIndex(signal: AbortSignal): Promise<Addresses> {
    const answer = await client.get(INDEX_PATH, {
      signal,
      timeoutMs: timing.listTimeoutMs,
      ifNoneMatch: index?.etag ?? null,
    });
    if (answer.outcome === 'not-modified' && index !== null) return index.addresses;
    const parsed = answer.outcome === 'ok' ? indexSchema.safeParse(answer.body) : null;
    if (parsed?.success !== true) throw missingIndexError();
    index = { addresses: parsed.data.paths, etag: answer.outcome === 'ok' ? answer.etag : null };
    return index.addresses;
  }

  /** Brings one group version up to date with the index; throws when its document cannot be had. */
  async function refresh(
    groupVersion: string,
    group: GroupVersionSchemas,
    address: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const sentAt = clock.now();
    if (address === null) {
      if (group.items.length > 0) group.items = [];
      group.address = null;
      group.keeper.fail(
        'list',
        new KubernetesError('not-installed', 'The API server does not serve this group version.'),
      );
      group.keeper.prove(sentAt);
      return;
    }
    if (address !== group.address) {
      // The address comes from the server: it must not lead to another one.
      if (!address.startsWith(`${INDEX_PATH}/`)) {
        throw new KubernetesError('unreadable', 'The address of an OpenAPI document leads elsewhere.');
      }
      const answer = await client.get(address, { signal, timeoutMs: timing.listTimeoutMs });
      const document = answer.outcome === 'ok' ? answer.body : null;
      group.items = group.kinds.flatMap((kind) => {
        const fieldPaths = readFieldPaths(document, groupVersion, kind);
        return fieldPaths === null ? [] : [{ kind, fieldPaths }];
      });
      group.address = address;
    }
    group.keeper.succeed('list', 200);
    group.keeper.prove(sentAt);
  }

  const loop = createLoop(context, async (signal) => {
    let firstProblem: KubernetesError | null = null;
    const failWith = (error: unknown, ...failed: GroupVersionSchemas[]): void => {
      const problem = toConnectionError(error);
      for (const group of failed) group.keeper.fail('list', problem);
      firstProblem ??= problem;
    };
    const sentAt = clock.now();
    for (const group of groups.values()) group.keeper.wait(sentAt);
    try {
      const addresses = await readIndex(signal);
      for (const [groupVersion, group] of groups) {
        const address = addresses[indexKey(groupVersion)]?.serverRelativeURL ?? null;
        await refresh(groupVersion, group, address, signal).catch((error) => failWith(error, group));
      }
    } catch (error) {
      failWith(toIndexError(error), ...groups.values());
    } finally {
      for (const group of groups.values()) group.keeper.wait(null);
    }
    const intervalMs = vary(context.intervalMs, random);
    if (firstProblem === null) {
      backOff.reset();
      return intervalMs;
    }
    // A document may have moved on since; the index is read in full again.
    index = null;
    return pauseAfter(firstProblem, backOff, intervalMs);
  });

  return {
    ...loop,
    views: () =>
      Object.fromEntries([...groups].map(([groupVersion, group]) => [groupVersion, group.keeper.view()])),
  };
}

/** `serving.kserve.io/v1alpha1` is `apis/serving.kserve.io/v1alpha1`, `v1` is `api/v1`. */
function indexKey(groupVersion: string): string {
  return groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
}

function missingIndexError(): KubernetesError {
  return new KubernetesError('unreadable', 'The API server has no index of OpenAPI v3 documents.');
}

/** A missing index says nothing about the kinds that are served. */
function toIndexError(error: unknown): unknown {
  const isMissing =
    error instanceof KubernetesError && (error.kind === 'not-installed' || error.kind === 'not-found');
  return isMissing ? missingIndexError() : error;
}
