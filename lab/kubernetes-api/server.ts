/** The HTTP side of the stand-in API server: who asks, for what, and which handler answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { isOwnGroup, REVIEWS } from './discovery.ts';
import { authorize, type Exchange, readBody, sendJson, sendText } from './exchange.ts';
import { forbiddenPath } from './forbidden.ts';
import type { Kind } from './kinds.ts';
import { requestLimitMs } from './request-timeout.ts';
import { parseResourcePath, type ResourcePath } from './resource-path.ts';
import { answerReview, parseReviewBody } from './reviews.ts';
import { serveCollection } from './serve-collection.ts';
import { serveObject } from './serve-object.ts';
import { serveOpenPath } from './serve-open-path.ts';
import {
  ApiError,
  badRequest,
  internalError,
  leaderChanged,
  methodNotAllowed,
  noSuchResource,
  PageNotFound,
  requestTimedOut,
  TooManyRequests,
  UnreadableBody,
} from './status.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

async function serveReview(exchange: Exchange, path: ResourcePath, kind: string): Promise<void> {
  const { context, request, response, user } = exchange;
  if (request.method !== 'POST') throw methodNotAllowed();
  const { group, resource, namespace } = path;
  authorize(exchange, { verb: 'create', group, resource, namespace });
  const body = parseReviewBody(request.headers['content-type'] ?? '', await readBody(request));
  sendJson(response, 201, answerReview(kind, body, user, context));
}

/** What an aggregated API computes; whether the path is one of its own. */
function serveComputed(exchange: Exchange, path: ResourcePath): boolean {
  const { group, version, resource, namespace, name, subresource } = path;
  const found = exchange.context.computed?.find(
    (row) =>
      row.group === group &&
      row.version === version &&
      row.plural === resource &&
      row.subresource === subresource &&
      row.isInstalled(),
  );
  if (found === undefined || name === undefined) return false;
  if (exchange.request.method !== 'GET') throw methodNotAllowed();
  authorize(exchange, { verb: 'get', group, resource: `${resource}/${subresource}`, namespace, name });
  const answer = found.answer(namespace, name);
  if (answer === undefined) throw noSuchResource();
  sendJson(exchange.response, 200, answer);
  return true;
}

/** Whether the kind answers at this path: right scope, known subresource. */
function isServedAt(kind: Kind, { namespace, name, subresource }: ResourcePath): boolean {
  if (namespace !== undefined && !kind.namespaced) return false;
  if (name !== undefined && namespace === undefined && kind.namespaced) return false;
  return subresource === undefined || kind.subresources.some((known) => known === subresource);
}

/** Lets what was ordered go wrong, before the request is looked at any further. */
async function disturb({ context, request, url }: Exchange, path: ResourcePath): Promise<void> {
  const { disturbance, clock } = context;
  const limitMs = requestLimitMs(url.searchParams);
  if (disturbance.isBusy) throw new TooManyRequests();
  if (disturbance.isFailing) throw leaderChanged();
  const isList = request.method === 'GET' && path.name === undefined && !url.searchParams.has('watch');
  if (!isList || disturbance.slowListMs === 0) return;
  await new Promise<void>((resolve) => {
    clock.schedule(Math.min(disturbance.slowListMs, limitMs), resolve);
  });
  if (disturbance.slowListMs >= limitMs) throw requestTimedOut();
}

async function serveResource(exchange: Exchange, path: ResourcePath): Promise<void> {
  const { context, request } = exchange;
  await disturb(exchange, path);
  const review = REVIEWS.find(
    ({ group, version, plural }) =>
      group === path.group && version === path.version && plural === path.resource,
  );
  if (review !== undefined) return serveReview(exchange, path, review.kind);
  if (serveComputed(exchange, path)) return;
  const kind = context.registry.find(path.group, path.version, path.resource);
  if (kind === undefined || !isServedAt(kind, path)) {
    // Authorization comes before routing: without rights the answer is 403, installed or not.
    const verb = request.method === 'GET' ? (path.name === undefined ? 'list' : 'get') : 'create';
    const { group, resource, namespace, name } = path;
    authorize(exchange, { verb, group, resource, namespace, name });
    throw isOwnGroup(context.registry, path.group) ? noSuchResource() : new PageNotFound();
  }
  return path.name === undefined
    ? serveCollection(exchange, kind, path)
    : serveObject(exchange, kind, path, path.name);
}

async function serve(context: ApiContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://lab');
  const user = authenticate(context, request);
  const exchange: Exchange = { context, request, response, url, user };
  const path = parseResourcePath(url.pathname);
  if (path !== null) return serveResource(exchange, path);
  const method = request.method ?? 'GET';
  const verb = method.toLowerCase();
  const { isAllowed, reason } = context.authorizer.decide(user, { verb, path: url.pathname });
  if (!isAllowed) throw forbiddenPath(user.name, verb, url.pathname, reason);
  if (method === 'GET' && serveOpenPath(exchange)) return;
  const [, root, group = ''] = url.pathname.split('/');
  const isOwn = root === 'api' || (root === 'apis' && isOwnGroup(context.registry, group));
  throw isOwn ? noSuchResource() : new PageNotFound();
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof PageNotFound) {
    sendText(response, 404, '404 page not found\n');
    return;
  }
  if (error instanceof TooManyRequests) {
    response.setHeader('Retry-After', error.retryAfterSeconds);
    sendText(response, 429, 'Too many requests, please try again later.\n');
    return;
  }
  const known = error instanceof UnreadableBody ? badRequest(error.message) : error;
  const { code, status } = known instanceof ApiError ? known : internalError(known);
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  sendJson(response, code, status);
}

export function createApiHandler(context: ApiContext): RequestHandler {
  return (request, response) => {
    response.setHeader('Audit-Id', randomUUID());
    response.setHeader('Cache-Control', 'no-cache, private');
    response.setHeader('X-Kubernetes-Pf-Flowschema-Uid', '3b9dc7c0-0c5c-4a0e-9b7e-8a6d5c1fd5d1');
    response.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', 'a8f5b4f5-4a0f-4b53-9d0c-2c8f2e6a7b11');
    serve(context, request, response).catch((error: unknown) => refuse(response, error));
  };
}
