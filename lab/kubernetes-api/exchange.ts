/** One request and its answer, with what every handler does to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { ResourceAttributes, User } from './access.ts';
import type { ApiContext } from './context.ts';
import type { Kind } from './kinds.ts';
import { negotiateRendering, type Rendering } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import { type IncludeObject, inVersion, partialMetadata, toTable } from './rendering.ts';
import { badRequest, forbidden, notAcceptable, unsupportedMediaType } from './status.ts';

export interface Exchange {
  context: ApiContext;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  user: User;
}

/** The API server's own limit for a request body. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

export function authorize({ context, user }: Exchange, attributes: ResourceAttributes): void {
  const { isAllowed, reason } = context.authorizer.decide(user, attributes);
  if (!isAllowed) throw forbidden({ user: user.name, ...attributes }, reason);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw badRequest(`Request entity too large: limit is ${MAX_BODY_BYTES}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parseBody(bytes: Buffer, contentType: string): unknown {
  if (contentType.startsWith('application/vnd.kubernetes.protobuf')) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  try {
    return contentType.includes('yaml')
      ? parseYaml(bytes.toString('utf8'))
      : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

export async function readParsedBody({ request }: Exchange): Promise<unknown> {
  return parseBody(await readBody(request), request.headers['content-type'] ?? '');
}

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  contentType = 'application/json',
): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`, 'utf8');
  response.writeHead(code, { 'Content-Type': contentType, 'Content-Length': bytes.length });
  response.end(bytes);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

/** `dryRun=All`: everything runs, nothing is stored. */
export function isDryRun(url: URL): boolean {
  return url.searchParams.getAll('dryRun').includes('All');
}

/** Who owns the fields of a write: the parameter, or the first part of the user agent. */
export function fieldManagerOf({ request, url }: Exchange): string {
  const given = url.searchParams.get('fieldManager');
  if (given !== null && given !== '') return given;
  return (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
}

export function renderingOf(request: IncomingMessage): Rendering {
  const rendering = negotiateRendering(request);
  if (rendering === null) throw notAcceptable();
  return rendering;
}

export function includeObjectOf(url: URL): IncludeObject {
  const value = url.searchParams.get('includeObject');
  return value === 'Object' || value === 'None' ? value : 'Metadata';
}

/** One object, in the form the client asked for. */
export function sendObject(
  { context, request, response, url }: Exchange,
  code: number,
  kind: Kind,
  version: string,
  object: KubernetesObject,
): void {
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
}
