/** `/…/<plural>/<name>` and its subresources: get, update, patch, delete, log, scale, eviction. */
import { deleteObject } from './delete.ts';
import {
  authorize,
  type Exchange,
  parseBody,
  readBody,
  readParsedBody,
  sendJson,
  sendObject,
} from './exchange.ts';
import { invalidOptions } from './invalid.ts';
import { type Kind, keyOf } from './kinds.ts';
import { serveLog } from './logs.ts';
import type { KubernetesObject } from './object.ts';
import { type PatchType, patchObject } from './patch.ts';
import type { ResourcePath } from './resource-path.ts';
import { readScale, writeScale } from './scale.ts';
import { methodNotAllowed, notFound, success, unsupportedMediaType, unsupportedPatchType } from './status.ts';
import { answerTokenRequest } from './token-request.ts';
import { updateObject } from './write.ts';
import { readDeleteOptions, writeTarget } from './write-requests.ts';

const PATCH_TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/apply-patch+yaml': 'apply',
  'application/strategic-merge-patch+json': 'strategic',
};

const VERBS: Record<string, string> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  POST: 'create',
};

async function servePatch(
  exchange: Exchange,
  kind: Kind,
  path: ResourcePath,
  current: () => KubernetesObject,
  name: string,
): Promise<void> {
  const { context, request, response, url } = exchange;
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const type = PATCH_TYPES[contentType];
  if (type === undefined || (type === 'strategic' && kind.origin === 'custom-resource')) {
    throw kind.origin === 'custom-resource'
      ? unsupportedMediaType(Object.keys(PATCH_TYPES).filter((name) => PATCH_TYPES[name] !== 'strategic'))
      : unsupportedPatchType();
  }
  if (type === 'apply' && !url.searchParams.get('fieldManager')) {
    const message = 'Required value: is required for apply patch';
    throw invalidOptions('PatchOptions', { reason: 'Required', field: 'fieldManager', message });
  }
  if (type !== 'apply' && url.searchParams.has('force')) {
    const message = 'Forbidden: may not be specified for non-apply patch';
    throw invalidOptions('PatchOptions', { reason: 'Forbidden', field: 'force', message });
  }
  const patch = parseBody(await readBody(request), contentType);
  const target = writeTarget(exchange, kind, path);
  if (path.subresource === 'scale') {
    sendJson(response, 200, writeScale(context, target, current(), patch));
    return;
  }
  const force = url.searchParams.get('force') === 'true';
  const { object, isCreated } = patchObject(context, target, name, type, patch, force);
  sendObject(exchange, isCreated ? 201 : 200, kind, path.version, object);
}

async function serveDelete(
  exchange: Exchange,
  kind: Kind,
  { namespace, version }: ResourcePath,
  name: string,
): Promise<void> {
  const { object, isGone } = deleteObject(
    exchange.context,
    kind,
    namespace,
    name,
    await readDeleteOptions(exchange),
  );
  // Pods answer with themselves even when they are gone at once.
  if (!isGone || keyOf(kind) === 'pods') sendObject(exchange, 200, kind, version, object);
  else sendJson(exchange.response, 200, success(kind, name, object.metadata.uid ?? ''));
}

export async function serveObject(
  exchange: Exchange,
  kind: Kind,
  path: ResourcePath,
  name: string,
): Promise<void> {
  const { context, request, response, url } = exchange;
  const { namespace, version, subresource } = path;
  const verb = VERBS[request.method ?? ''];
  if (verb === undefined) throw methodNotAllowed();
  const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
  authorize(exchange, { verb, group: kind.group, resource, namespace, name });
  const current = (): KubernetesObject => {
    const object = context.store.get(keyOf(kind), namespace, name);
    if (object === undefined) throw notFound(kind, name);
    return object;
  };
  switch (verb) {
    case 'get':
      if (subresource === 'log') serveLog(context, current(), url.searchParams, response);
      else if (subresource === 'scale') sendJson(response, 200, readScale(kind, current()));
      else sendObject(exchange, 200, kind, version, current());
      return;
    case 'update': {
      const body = await readParsedBody(exchange, subresource === 'scale' ? 'Scale' : kind.kind);
      const target = writeTarget(exchange, kind, path);
      if (subresource === 'scale') sendJson(response, 200, writeScale(context, target, current(), body));
      else sendObject(exchange, 200, kind, version, updateObject(context, target, name, body));
      return;
    }
    case 'patch':
      return servePatch(exchange, kind, path, current, name);
    case 'delete':
      return serveDelete(exchange, kind, path, name);
    default: {
      if (subresource === 'token') {
        sendJson(
          response,
          201,
          answerTokenRequest(context, current(), await readParsedBody(exchange, 'TokenRequest')),
        );
        return;
      }
      if (subresource !== 'eviction') throw methodNotAllowed();
      const { object } = deleteObject(context, kind, namespace, name, await readDeleteOptions(exchange));
      sendJson(response, 201, success(kind, name, object.metadata.uid ?? ''));
    }
  }
}
