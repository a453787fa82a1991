/** `/…/<plural>`: list, watch, create, delete all. */
import { deleteObject } from './delete.ts';
import {
  authorize,
  type Exchange,
  includeObjectOf,
  readParsedBody,
  renderingOf,
  sendBody,
  sendJson,
  sendObject,
} from './exchange.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { listPage, type Page } from './list.ts';
import { parseListOptions } from './list-options.ts';
import { partialMetadata, toListItem, toTable } from './rendering.ts';
import type { ResourcePath } from './resource-path.ts';
import { nameInFieldSelector } from './selectors.ts';
import { methodNotAllowed } from './status.ts';
import { serveWatch } from './watch.ts';
import { createObject } from './write.ts';
import { readDeleteOptions, writeTarget } from './write-requests.ts';

function listBody(kind: Kind, version: string, { objects, metadata }: Page): unknown {
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind, version),
    // Lists of custom resources always have the field.
    metadata:
      kind.origin === 'custom-resource' ? { ...metadata, continue: metadata.continue ?? '' } : metadata,
    items: objects.map((object) => toListItem(kind, version, object)),
  };
}

function serveReading(exchange: Exchange, kind: Kind, path: ResourcePath): void {
  const { context, request, response, url } = exchange;
  const { version, namespace } = path;
  const query = new URLSearchParams(url.searchParams);
  if (path.isWatchPath) query.set('watch', 'true');
  const isWatch = query.get('watch') === 'true' || query.get('watch') === '1';
  authorize(exchange, {
    verb: isWatch ? 'watch' : 'list',
    group: kind.group,
    resource: kind.plural,
    namespace,
    name: nameInFieldSelector(query.get('fieldSelector') ?? ''),
  });
  const options = parseListOptions(kind, query);
  const rendering = renderingOf(request, kind);
  const includeObject = includeObjectOf(url);
  if (options.watch) {
    serveWatch(context, { kind, version, namespace, options, rendering, includeObject }, response);
    return;
  }
  const page = listPage(context.store, kind, namespace, options);
  const { objects, metadata } = page;
  switch (rendering) {
    case 'object':
      sendBody(exchange, 200, listBody(kind, version, page));
      return;
    case 'partial-metadata':
      sendJson(response, 200, {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(partialMetadata),
      });
      return;
    case 'table':
      sendJson(
        response,
        200,
        toTable({
          kind,
          version,
          objects,
          metadata: { ...metadata },
          includeObject,
          withColumns: true,
          nowMs: context.clock.nowMs(),
        }),
      );
  }
}

export async function serveCollection(exchange: Exchange, kind: Kind, path: ResourcePath): Promise<void> {
  const { context, request, response, url } = exchange;
  const { version, namespace } = path;
  const attributes = { group: kind.group, resource: kind.plural, namespace };
  switch (request.method) {
    case 'GET':
      serveReading(exchange, kind, path);
      return;
    case 'POST': {
      authorize(exchange, { ...attributes, verb: 'create' });
      const body = await readParsedBody(exchange, kind.kind);
      sendObject(
        exchange,
        201,
        kind,
        version,
        createObject(context, writeTarget(exchange, kind, path), body),
      );
      return;
    }
    case 'DELETE': {
      authorize(exchange, { ...attributes, verb: 'deletecollection' });
      const options = await readDeleteOptions(exchange);
      const page = listPage(context.store, kind, namespace, parseListOptions(kind, url.searchParams));
      for (const { metadata } of page.objects) {
        deleteObject(context, kind, metadata.namespace, metadata.name, options);
      }
      sendJson(response, 200, listBody(kind, version, page));
      return;
    }
    default:
      throw methodNotAllowed();
  }
}
