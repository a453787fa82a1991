import 'server-only';
import { z } from 'zod';
import type { KubernetesClient } from './client';
import { KubernetesError } from './errors';
import { type ListedResource, listPath } from './resource-definition';

/**
 * How new a list has to be: any cached state (cheap, for the first look), at least a version we have seen
 * (so that an answer from an older cache does not take us back), or the most recent one.
 */
export type ListFrom = { at: 'any' } | { at: 'version'; resourceVersion: string } | { at: 'most-recent' };

export interface ResourceList {
  items: unknown[];
  /** Of the collection; a watch continues from here. */
  resourceVersion: string;
}

export interface ListOptions {
  from: ListFrom;
  pageSize: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** Asks for names and versions only. */
  metadataOnly: boolean;
}

const METADATA_ACCEPT =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.5';

const listSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string().nullish(),
    continue: z.string().nullish(),
  }),
  items: z.array(z.unknown()).nullable(),
});

/** Reads a whole list, page by page. */
export async function listResource(
  client: KubernetesClient,
  resource: ListedResource,
  options: ListOptions,
): Promise<ResourceList> {
  const pages = await readPages(client, resource, options.from, options);
  if (pages !== 'expired') return pages;
  // The snapshot behind the pages was compacted away while we read: everything at once, as client-go does.
  const whole = await readPages(client, resource, { at: 'most-recent' }, { ...options, pageSize: 0 });
  if (whole !== 'expired') return whole;
  throw new KubernetesError('expired', 'The list expires while it is read.', { httpStatus: 410 });
}

async function readPages(
  client: KubernetesClient,
  resource: ListedResource,
  from: ListFrom,
  { pageSize, timeoutMs, signal, metadataOnly }: ListOptions,
): Promise<ResourceList | 'expired'> {
  const items: unknown[] = [];
  let next: string | null = null;
  for (;;) {
    const query = new URLSearchParams({
      ...selectorsOf(resource),
      ...(pageSize > 0 ? { limit: String(pageSize) } : {}),
      // The token of a page stands for the version too; both together are refused.
      ...(next === null ? versionQuery(from) : { continue: next }),
    });
    let page: z.infer<typeof listSchema>;
    try {
      page = await readPage(client, `${listPath(resource)}?${query}`, { timeoutMs, signal, metadataOnly });
    } catch (error) {
      if (next !== null && error instanceof KubernetesError && error.kind === 'expired') return 'expired';
      throw error;
    }
    for (const item of page.items ?? []) items.push(item);
    next = page.metadata.continue || null;
    if (next === null) return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}

async function readPage(
  client: KubernetesClient,
  path: string,
  { metadataOnly, ...options }: Pick<ListOptions, 'timeoutMs' | 'signal' | 'metadataOnly'>,
): Promise<z.infer<typeof listSchema>> {
  const answer = await client.get(path, {
    ...options,
    ...(metadataOnly ? { accept: METADATA_ACCEPT } : {}),
  });
  const list = answer.outcome === 'ok' ? listSchema.safeParse(answer.body) : null;
  if (list?.success !== true) {
    throw new KubernetesError('unreadable', 'The answer does not come from a Kubernetes API: it is no list.');
  }
  return list.data;
}

function versionQuery(from: ListFrom): Record<string, string> {
  switch (from.at) {
    case 'any':
      return { resourceVersion: '0' };
    case 'version':
      // The match is said explicitly: together with a limit the default would mean "exactly".
      return { resourceVersion: from.resourceVersion, resourceVersionMatch: 'NotOlderThan' };
    case 'most-recent':
      return {};
    default:
      return from satisfies never;
  }
}

/** Field and label selector as query parameters. */
export function selectorsOf({ fieldSelector, labelSelector }: ListedResource): Record<string, string> {
  return {
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
  };
}
