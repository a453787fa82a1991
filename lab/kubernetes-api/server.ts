/** The HTTP side of the stand-in API server: who asks, for what, and which handler answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ANONYMOUS, type Attributes, bearerToken, isAllowed, type User } from './access.ts';
import type { ApiContext } from './context.ts';
import { discover, REVIEWS } from './discovery.ts';
import { apiVersionOf, type Kind, keyOf } from './kinds.ts';
import { listPage } from './list.ts';
import { parseListOptions } from './list-options.ts';
import { serveLog } from './logs.ts';
import { negotiateRendering, type Rendering, wantsAggregatedDiscovery } from './negotiation.ts';
import { isRecord, type KubernetesObject } from './object.ts';
import { answerOpenApi } from './openapi.ts';
import { type IncludeObject, inVersion, partialMetadata, toListItem, toTable } from './rendering.ts';
import { parseResourcePath, type ResourcePath } from './resource-path.ts';
import { answerReview, OPEN_PATHS, PUBLIC_PATHS, parseReviewBody } from './reviews.ts';
import { readScale, writeScale } from './scale.ts';
import { nameInFieldSelector } from './selectors.ts';
import {
  ApiError,
  badRequest,
  forbidden,
  forbiddenPath,
  methodNotAllowed,
  notFound,
  PageNotFound,
  success,
  unauthorized,
  unsupportedMediaType,
} from './status.ts';
import { serveWatch } from './watch.ts';
import {
  createObject,
  type DeleteOptions,
  deleteObject,
  type PatchType,
  patchObject,
  updateObject,
  type WriteTarget,
} from './write.ts';

/** What `kubectl version` shows; the build suffix says what this is. */
const VERSION = {
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.5+lab',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-11-27T06:12:40Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const MAX_BODY_BYTES = 3 * 1024 * 1024;

const PATCH_TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  user: User;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw badRequest('limit is 3145728');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseBody(bytes: Buffer, contentType: string): unknown {
  if (contentType.startsWith('application/vnd.kubernetes.protobuf')) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  try {
    return contentType.includes('yaml')
      ? parseYaml(bytes.toString('utf8'))
      : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  contentType = 'application/json',
): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`, 'utf8');
  response.writeHead(code, { 'Content-Type': contentType, 'Content-Length': bytes.length });
  response.end(bytes);
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

/** `dryRun=All` is the only value; anything else is refused. */
function isDryRun(url: URL): boolean {
  return url.searchParams.getAll('dryRun').includes('All');
}

function fieldManagerOf({ request, url }: Exchange): string {
  const given = url.searchParams.get('fieldManager');
  if (given !== null && given !== '') return given;
  return (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
}

function renderingOf(request: IncomingMessage): Rendering {
  const rendering = negotiateRendering(request);
  if (rendering !== null) return rendering;
  throw new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'only the following media types are accepted: application/json, application/json;stream=watch',
    reason: 'NotAcceptable',
    code: 406,
  });
}

function includeObjectOf(url: URL): IncludeObject {
  const value = url.searchParams.get('includeObject');
  return value === 'Object' || value === 'None' ? value : 'Metadata';
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export function createApiHandler(context: ApiContext): RequestHandler {
  const authenticate = (request: IncomingMessage): User => {
    const token = bearerToken(request);
    if (token === null) return ANONYMOUS;
    const user = context.users.get(token);
    if (user === undefined) throw unauthorized();
    return user;
  };

  const authorize = (user: User, attributes: Attributes): void => {
    if (!isAllowed(user, attributes)) throw forbidden({ user: user.name, ...attributes });
  };

  const sendObject = (
    { request, response, url }: Exchange,
    code: number,
    kind: Kind,
    version: string,
    object: KubernetesObject,
  ): void => {
    const rendering = renderingOf(request);
    const body =
      rendering === 'object'
        ? inVersion(kind, version, object)
        : rendering === 'partial-metadata'
          ? partialMetadata(object)
          : toTable({
              kind,
              version,
              objects: [object],
              metadata: { resourceVersion: object.metadata.resourceVersion },
              includeObject: includeObjectOf(url),
              withColumns: true,
              nowMs: context.clock.nowMs(),
            });
    sendJson(response, code, body);
  };

  const serveCollection = async (exchange: Exchange, kind: Kind, path: ResourcePath): Promise<void> => {
    const { request, response, url, user } = exchange;
    const { version, namespace } = path;
    const base = { group: kind.group, resource: kind.plural, namespace };
    if (request.method === 'GET') {
      const query = new URLSearchParams(url.searchParams);
      if (path.isWatchPath) query.set('watch', 'true');
      const isWatch = query.get('watch') === 'true' || query.get('watch') === '1';
      authorize(user, {
        ...base,
        verb: isWatch ? 'watch' : 'list',
        name: nameInFieldSelector(query.get('fieldSelector') ?? ''),
      });
      const options = parseListOptions(kind, query);
      const rendering = renderingOf(request);
      if (options.watch) {
        serveWatch(
          context,
          { kind, version, namespace, options, rendering, includeObject: includeObjectOf(url) },
          response,
        );
        return;
      }
      const { objects, metadata } = listPage(context.store, kind, namespace, options);
      if (rendering === 'table') {
        const table = toTable({
          kind,
          version,
          objects,
          metadata,
          includeObject: includeObjectOf(url),
          withColumns: true,
          nowMs: context.clock.nowMs(),
        });
        return sendJson(response, 200, table);
      }
      if (rendering === 'partial-metadata') {
        return sendJson(response, 200, {
          kind: 'PartialObjectMetadataList',
          apiVersion: 'meta.k8s.io/v1',
          metadata,
          items: objects.map(partialMetadata),
        });
      }
      return sendJson(response, 200, {
        kind: `${kind.kind}List`,
        apiVersion: apiVersionOf(kind, version),
        metadata,
        items: objects.map((object) => toListItem(kind, version, object)),
      });
    }
    if (request.method === 'POST') {
      authorize(user, { ...base, verb: 'create' });
      const body = parseBody(await readBody(request), request.headers['content-type'] ?? '');
      const created = createObject(context, writeTarget(exchange, kind, path), body);
      return sendObject(exchange, 201, kind, version, created);
    }
    if (request.method === 'DELETE') {
      authorize(user, { ...base, verb: 'deletecollection' });
      const options = await deleteOptions(exchange);
      const { objects, metadata } = listPage(
        context.store,
        kind,
        namespace,
        parseListOptions(kind, url.searchParams),
      );
      for (const object of objects)
        deleteObject(context, kind, object.metadata.namespace, object.metadata.name, options);
      return sendJson(response, 200, {
        kind: `${kind.kind}List`,
        apiVersion: apiVersionOf(kind, version),
        metadata,
        items: objects.map((object) => toListItem(kind, version, object)),
      });
    }
    throw methodNotAllowed();
  };

  const writeTarget = (exchange: Exchange, kind: Kind, path: ResourcePath): WriteTarget => ({
    kind,
    version: path.version,
    namespace: path.namespace,
    subresource: path.subresource === 'status' ? 'status' : undefined,
    fieldManager: fieldManagerOf(exchange),
    dryRun: isDryRun(exchange.url),
  });

  const deleteOptions = async ({ request, url }: Exchange): Promise<DeleteOptions> => {
    const bytes = await readBody(request);
    const body =
      bytes.length === 0 ? {} : parseBody(bytes, request.headers['content-type'] ?? 'application/json');
    const options = isRecord(body) ? body : {};
    const grace = options.gracePeriodSeconds ?? url.searchParams.get('gracePeriodSeconds');
    const propagation = options.propagationPolicy ?? url.searchParams.get('propagationPolicy');
    return {
      gracePeriodSeconds: grace === null || grace === undefined ? null : Number(grace),
      propagationPolicy:
        propagation === 'Orphan' || propagation === 'Foreground' ? propagation : 'Background',
      preconditions: isRecord(options.preconditions) ? options.preconditions : {},
      dryRun: isDryRun(url) || (Array.isArray(options.dryRun) && options.dryRun.includes('All')),
    };
  };

  const serveObject = async (
    exchange: Exchange,
    kind: Kind,
    path: ResourcePath,
    name: string,
  ): Promise<void> => {
    const { request, response, url, user } = exchange;
    const { namespace, version, subresource } = path;
    const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
    const base = { group: kind.group, resource, namespace, name };
    const read = (): KubernetesObject => {
      const object = context.store.get(keyOf(kind), namespace, name);
      if (object === undefined) throw notFound(kind, name);
      return object;
    };
    switch (request.method) {
      case 'GET': {
        authorize(user, { ...base, verb: 'get' });
        if (subresource === 'log') return serveLog(context, read(), url.searchParams, response);
        if (subresource === 'scale') return sendJson(response, 200, readScale(read()));
        return sendObject(exchange, 200, kind, version, read());
      }
      case 'PUT': {
        authorize(user, { ...base, verb: 'update' });
        const body = parseBody(await readBody(request), request.headers['content-type'] ?? '');
        if (subresource === 'scale')
          return sendJson(
            response,
            200,
            writeScale(context, writeTarget(exchange, kind, path), read(), body),
          );
        return sendObject(
          exchange,
          200,
          kind,
          version,
          updateObject(context, writeTarget(exchange, kind, path), name, body),
        );
      }
      case 'PATCH': {
        authorize(user, { ...base, verb: 'patch' });
        const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
        const type = PATCH_TYPES[contentType];
        if (type === undefined) throw unsupportedMediaType(Object.keys(PATCH_TYPES));
        if (type === 'apply' && !url.searchParams.get('fieldManager'))
          throw badRequest(
            'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
          );
        const patch = parseBody(await readBody(request), contentType);
        if (subresource === 'scale')
          return sendJson(
            response,
            200,
            writeScale(context, writeTarget(exchange, kind, path), read(), patch),
          );
        const force = url.searchParams.get('force') === 'true';
        const { object, isCreated } = patchObject(
          context,
          writeTarget(exchange, kind, path),
          name,
          type,
          patch,
          force,
        );
        return sendObject(exchange, isCreated ? 201 : 200, kind, version, object);
      }
      case 'DELETE': {
        authorize(user, { ...base, verb: 'delete' });
        const { object, isGone } = deleteObject(
          context,
          kind,
          namespace,
          name,
          await deleteOptions(exchange),
        );
        if (!isGone || keyOf(kind) === 'pods') return sendObject(exchange, 200, kind, version, object);
        return sendJson(response, 200, success(kind, name, object.metadata.uid ?? ''));
      }
      case 'POST': {
        authorize(user, { ...base, verb: 'create' });
        if (subresource !== 'eviction') throw methodNotAllowed();
        const { object } = deleteObject(context, kind, namespace, name, await deleteOptions(exchange));
        return sendJson(response, 201, success(kind, name, object.metadata.uid ?? ''));
      }
      default:
        throw methodNotAllowed();
    }
  };

  const serveResource = async (exchange: Exchange, path: ResourcePath): Promise<void> => {
    const { request, response, user } = exchange;
    const review = REVIEWS.find(
      ({ group, version, plural }) =>
        group === path.group && version === path.version && plural === path.resource,
    );
    if (review !== undefined) {
      if (user === ANONYMOUS) authorize(user, { verb: 'create', group: path.group, resource: path.resource });
      if (request.method !== 'POST') throw methodNotAllowed();
      const body = parseReviewBody(request.headers['content-type'] ?? '', await readBody(request));
      return sendJson(response, 201, answerReview(review.kind, body, user, context.clock.nowMs()));
    }
    const kind = context.registry.find(path.group, path.version, path.resource);
    const isServed =
      kind !== undefined &&
      (kind.namespaced || path.namespace === undefined) &&
      (path.subresource === undefined || kind.subresources.some((name) => name === path.subresource));
    if (!isServed) {
      // Authorization comes before routing: without rights the answer is 403, installed or not.
      const verb = request.method === 'GET' ? (path.name === undefined ? 'list' : 'get') : 'create';
      authorize(user, {
        verb,
        group: path.group,
        resource: path.resource,
        namespace: path.namespace,
        name: path.name,
      });
      throw new PageNotFound();
    }
    if (path.name === undefined) return serveCollection(exchange, kind, path);
    if (kind.namespaced && path.namespace === undefined) throw new PageNotFound();
    return serveObject(exchange, kind, path, path.name);
  };

  const serveOpenPath = (exchange: Exchange): boolean => {
    const { request, response, url } = exchange;
    const { pathname } = url;
    if (/^\/version\/?$/.test(pathname)) sendJson(response, 200, VERSION);
    else if (/^\/(healthz|livez|readyz)/.test(pathname)) {
      const probe = pathname.split('/')[1];
      sendText(
        response,
        200,
        url.searchParams.has('verbose') ? `[+]ping ok\n[+]log ok\n[+]etcd ok\n${probe} check passed\n` : 'ok',
      );
    } else if (pathname.startsWith('/openapi/v3')) {
      const answer = answerOpenApi(context.registry, pathname, url.searchParams.get('hash'));
      if (answer === null) return false;
      if (answer.type === 'redirect') {
        response.writeHead(301, { Location: answer.location });
        response.end();
      } else {
        if (answer.isCacheable) response.setHeader('Cache-Control', 'public, immutable');
        sendJson(response, 200, answer.body);
      }
    } else {
      const answer = discover(context.registry, pathname, wantsAggregatedDiscovery(request));
      if (answer === null) return false;
      response.setHeader('Vary', 'Accept');
      if (answer.etag !== null) {
        response.setHeader('ETag', answer.etag);
        if (request.headers['if-none-match'] === answer.etag) {
          response.writeHead(304);
          response.end();
          return true;
        }
      }
      sendJson(response, 200, answer.body, answer.contentType);
    }
    return true;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'https://lab');
    const user = authenticate(request);
    const exchange: Exchange = { request, response, url, user };
    const isOpen = OPEN_PATHS.some((pattern) => pattern.test(url.pathname));
    if (isOpen && request.method === 'GET') {
      if (user === ANONYMOUS && !PUBLIC_PATHS.some((pattern) => pattern.test(url.pathname))) {
        throw forbiddenPath(user.name, 'get', url.pathname);
      }
      if (serveOpenPath(exchange)) return;
      throw new PageNotFound();
    }
    const path = parseResourcePath(url.pathname);
    if (path !== null) return serveResource(exchange, path);
    if (user === ANONYMOUS)
      throw forbiddenPath(user.name, (request.method ?? 'get').toLowerCase(), url.pathname);
    throw new PageNotFound();
  };

  return (request, response) => {
    response.setHeader('Audit-Id', randomUUID());
    response.setHeader('Cache-Control', 'no-cache, private');
    response.setHeader('X-Kubernetes-Pf-Flowschema-Uid', '3b9dc7c0-0c5c-4a0e-9b7e-8a6d5c1fd5d1');
    response.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', 'a8f5b4f5-4a0f-4b53-9d0c-2c8f2e6a7b11');
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof PageNotFound) return sendText(response, 404, '404 page not found\n');
      if (error instanceof ApiError) {
        const retryAfter = error.status.details?.retryAfterSeconds;
        if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
        return sendJson(response, error.code, error.status);
      }
      const message = `Internal error occurred: ${error instanceof Error ? error.message : error}`;
      sendJson(response, 500, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message,
        reason: 'InternalError',
        code: 500,
      });
    });
  };
}
