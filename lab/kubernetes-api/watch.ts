import type { ServerResponse } from 'node:http';
import type { ApiContext } from './context.ts';
import { DEFINITIONS } from './definitions.ts';
import { tooLargeResourceVersion, tooOldForWatch } from './expired.ts';
import { type Kind, keyOf } from './kinds.ts';
import type { ListOptions } from './list-options.ts';
import type { Rendering } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import { type IncludeObject, inVersion, partialMetadata, toTable } from './rendering.ts';
import type { ApiError } from './status.ts';
import type { Change } from './store.ts';

export interface WatchRequest {
  kind: Kind;
  version: string;
  namespace: string | undefined;
  options: ListOptions;
  rendering: Rendering;
  includeObject: IncludeObject;
}

/** Without `timeoutSeconds` the server picks 30 to 60 minutes, so that a cluster's clients do not return together. */
const SHORTEST_WATCH_MS = 30 * 60_000;

/** A reader this far behind is cut off rather than fed from memory. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** Stored objects never change, so that however many watchers there are, each state is encoded once. */
const encodings = new WeakMap<object, string>();

function encoded(object: object): string {
  const known = encodings.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  encodings.set(object, text);
  return text;
}

type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What a change means to a watcher with a selector, or null where it means nothing. */
function eventFor(
  change: Change,
  matches: (object: KubernetesObject) => boolean,
): { type: WatchEventType; object: KubernetesObject } | null {
  const isMatch = matches(change.object);
  if (change.type === 'ADDED') return isMatch ? { type: 'ADDED', object: change.object } : null;
  const wasMatch = change.previous !== null && matches(change.previous);
  if (change.type === 'DELETED') return wasMatch ? { type: 'DELETED', object: change.object } : null;
  if (isMatch) return { type: wasMatch ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!wasMatch || change.previous === null) return null;
  // Stopped matching: the last matching state, with the version of the change that ended it.
  const { previous, object } = change;
  return {
    type: 'DELETED',
    object: {
      ...previous,
      metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion ?? '' },
    },
  };
}

/** Serves one watch until the client leaves, its time is up, or its version turns out to be too old. */
export function serveWatch(context: ApiContext, request: WatchRequest, response: ServerResponse): void {
  const { store, clock } = context;
  const { kind, version, namespace, options, rendering, includeObject } = request;
  const current = store.revision();
  const from = options.resourceVersion === null ? 0 : Number(options.resourceVersion);
  if (from > current) throw tooLargeResourceVersion(from, current);

  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();

  let needsColumns = true;
  const rendered = (object: KubernetesObject): unknown => {
    if (rendering === 'partial-metadata') return partialMetadata(object);
    if (rendering === 'object') return inVersion(kind, version, object);
    const table = toTable({
      kind,
      version,
      objects: [object],
      metadata: { resourceVersion: object.metadata.resourceVersion },
      includeObject,
      withColumns: needsColumns,
      nowMs: clock.nowMs(),
    });
    needsColumns = false;
    return table;
  };
  const write = (type: string, object: unknown): void => {
    const text = object === null || typeof object !== 'object' ? JSON.stringify(object) : encoded(object);
    response.write(`{"type":${JSON.stringify(type)},"object":${text}}\n`);
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
  };

  if (from > 0 && from < store.compactedRevision()) {
    write('ERROR', (tooOldForWatch(from, store.compactedRevision()) satisfies ApiError).status);
    response.end();
    return;
  }

  const isInScope = (object: KubernetesObject): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) && options.matches(object);
  const send = (change: Change): void => {
    if (change.kind !== keyOf(kind)) return;
    const event = eventFor(change, isInScope);
    if (event !== null) write(event.type, rendered(event.object));
  };
  const sendBookmark = (): void =>
    write('BOOKMARK', {
      kind: kind.kind,
      apiVersion: inVersion(kind, version, { apiVersion: '', kind: kind.kind, metadata: { name: '' } })
        .apiVersion,
      metadata: { resourceVersion: String(store.revision()), creationTimestamp: null },
    });

  if (from === 0) {
    for (const object of store.list(keyOf(kind), namespace))
      if (options.matches(object)) write('ADDED', rendered(object));
  } else for (const change of store.changesSince(from)) send(change);

  const unsubscribe = store.subscribe((change) => {
    send(change);
    // Without its definition a kind is served no more, and its watches end.
    const isUndefined =
      change.type === 'DELETED' && change.kind === DEFINITIONS && change.object.metadata.name === keyOf(kind);
    if (!isUndefined) return;
    stop();
    response.end();
  });
  let cancelBookmark = (): void => {};
  const scheduleBookmark = (): void => {
    cancelBookmark = clock.schedule(context.bookmarkIntervalMs, () => {
      sendBookmark();
      scheduleBookmark();
    });
  };
  if (options.allowWatchBookmarks) scheduleBookmark();

  const durationMs =
    options.timeoutSeconds === null || options.timeoutSeconds === 0
      ? SHORTEST_WATCH_MS * (1 + context.random())
      : options.timeoutSeconds * 1000;
  const cancelEnd = clock.schedule(durationMs, () => {
    if (options.allowWatchBookmarks) sendBookmark();
    stop();
    response.end();
  });
  const stop = (): void => {
    unsubscribe();
    cancelBookmark();
    cancelEnd();
  };
  response.on('close', stop);
}
