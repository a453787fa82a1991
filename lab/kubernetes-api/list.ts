import { expiredContinue, expiredList, tooLargeResourceVersion } from './expired.ts';
import { type Kind, keyOf } from './kinds.ts';
import type { ListOptions } from './list-options.ts';
import type { KubernetesObject } from './object.ts';
import { badRequest } from './status.ts';
import type { ObjectStore } from './store.ts';

export interface Page {
  objects: KubernetesObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** A page goes on after `start` in the snapshot `rv`; -1 is "whatever is there now". */
interface ContinueToken {
  v: 'meta.k8s.io/v1';
  rv: number;
  start: string;
}

function encode(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decode(text: string): ContinueToken {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof token === 'object' && token !== null && 'rv' in token && 'start' in token)
      return token as ContinueToken;
  } catch {
    // Falls through to the refusal: any text may arrive here.
  }
  throw badRequest('invalid continue token: continue key is not valid: encoded continue token is corrupt');
}

function positionOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function snapshotFor(
  store: ObjectStore,
  kind: Kind,
  namespace: string | undefined,
  options: ListOptions,
): { revision: number; objects: KubernetesObject[] } {
  const current = store.revision();
  const requested = options.resourceVersion === null ? 0 : Number(options.resourceVersion);
  if (requested > current) throw tooLargeResourceVersion(requested, current);
  if (options.resourceVersionMatch !== 'Exact')
    return { revision: current, objects: store.list(keyOf(kind), namespace) };
  const objects = store.listAt(keyOf(kind), requested, namespace);
  if (objects === undefined) throw expiredList();
  return { revision: requested, objects };
}

export function listPage(
  store: ObjectStore,
  kind: Kind,
  namespace: string | undefined,
  options: ListOptions,
): Page {
  let { revision, objects } = snapshotFor(store, kind, namespace, options);
  let start = '';
  if (options.continueToken !== null) {
    const token = decode(options.continueToken);
    start = token.start;
    if (token.rv >= 0) {
      const snapshot = store.listAt(keyOf(kind), token.rv, namespace);
      if (snapshot === undefined) throw expiredContinue(encode({ ...token, rv: -1 }));
      revision = token.rv;
      objects = snapshot;
    }
  }
  const matching = objects.filter((object) => positionOf(object) > start && options.matches(object));
  if (options.limit <= 0 || matching.length <= options.limit) {
    return { objects: matching, metadata: { resourceVersion: String(revision) } };
  }
  const page = matching.slice(0, options.limit);
  const last = page.at(-1);
  return {
    objects: page,
    metadata: {
      resourceVersion: String(revision),
      ...(last === undefined
        ? {}
        : { continue: encode({ v: 'meta.k8s.io/v1', rv: revision, start: positionOf(last) }) }),
      ...(options.hasSelector ? {} : { remainingItemCount: matching.length - page.length }),
    },
  };
}
