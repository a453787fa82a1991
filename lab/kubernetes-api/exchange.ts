/** One request and its answer, with what every handler does to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseYaml, stringify as yamlText } from 'yaml';
import type { ResourceAttributes, User } from './access.ts';
import type { ApiContext } from './context.ts';
import { forbidden } from './forbidden.ts';
import { invalidOptions } from './invalid.ts';
import type { Kind } from './kinds.ts';
import { negotiateRendering, prefersYaml, type Rendering } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import { decodeProtobufObject } from './protobuf-object.ts';
import { type IncludeObject, inVersion, partialMetadata, toTable } from './rendering.ts';
import { badRequest, notAcceptable, UnreadableBody, unsupportedMediaType } from './status.ts';

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
    return decodeProtobufObject(bytes);
  }
  if (!/^application\/(json|yaml|[\w.-]+\+(json|yaml))\b|^$/.test(contentType)) {
    throw unsupportedMediaType([
      'application/json',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
    ]);
  }
  try {
    return contentType.includes('yaml')
      ? parseYaml(bytes.toString('utf8'))
      : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new UnreadableBody(`couldn't get version/kind; json parse error: ${why}`);
  }
}

/** The body of a write to objects of a kind. */
export async function readParsedBody({ request }: Exchange, kind: string): Promise<unknown> {
  const bytes = await readBody(request);
  try {
    return parseBody(bytes, request.headers['content-type'] ?? '');
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    const why = `${error.message} (${bytes.toString('utf8')})`;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why}`);
  }
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

/** A body as JSON, or as YAML for those who like it better. */
export function sendBody({ request, response }: Exchange, code: number, body: unknown): void {
  if (prefersYaml(request)) {
    response.writeHead(code, { 'Content-Type': 'application/yaml' });
    response.end(yamlText(body));
  } else sendJson(response, code, body);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

const OPTIONS: Record<string, string> = { POST: 'Create', PUT: 'Update', PATCH: 'Patch', DELETE: 'Delete' };

/** `dryRun=All`: everything runs, nothing is stored. */
export function isDryRun({ request, url }: Exchange): boolean {
  const wanted = url.searchParams.getAll('dryRun');
  if (wanted.some((value) => value !== 'All')) {
    const list = wanted.map((value) => JSON.stringify(value)).join(', ');
    throw invalidOptions(`${OPTIONS[request.method ?? ''] ?? ''}Options`, {
      reason: 'NotSupported',
      field: 'dryRun',
      message: `Unsupported value: []string{${list}}: supported values: "All"`,
    });
  }
  return wanted.length > 0;
}

/** Who owns the fields of a write: the parameter, or the first part of the user agent. */
export function fieldManagerOf({ request, url }: Exchange): string {
  const given = url.searchParams.get('fieldManager');
  if (given !== null && given !== '') return given;
  return (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
}

export function renderingOf(request: IncomingMessage, kind: Kind): Rendering {
  const rendering = negotiateRendering(request);
  if (rendering === null) throw notAcceptable(kind.origin !== 'custom-resource');
  return rendering;
}

export function includeObjectOf(url: URL): IncludeObject {
  const value = url.searchParams.get('includeObject');
  return value === 'Object' || value === 'None' ? value : 'Metadata';
}

/** One object, in the form the client asked for. */
export function sendObject(
  exchange: Exchange,
  code: number,
  kind: Kind,
  version: string,
  object: KubernetesObject,
): void {
  const { context, request, url } = exchange;
  const rendering = renderingOf(request, kind);
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
  sendBody(exchange, code, body);
}
