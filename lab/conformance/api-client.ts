/** A plain HTTP client for an API server: what is sent is what a test wrote, what came back is shown untouched. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Access } from './kubeconfig-reader.ts';

export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type JsonObject = { [field: string]: Json };

export interface Answer {
  code: number;
  headers: IncomingHttpHeaders;
  contentType: string;
  text: string;
  /** The body as JSON; an empty object where it is none. */
  body: JsonObject;
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as it is when a text, as JSON otherwise. */
  body?: unknown;
  contentType?: string;
  accept?: string;
  headers?: Record<string, string | string[]>;
}

export interface WatchEvent {
  type: string;
  object: JsonObject;
}

export interface Watching {
  code: number;
  /** The next event; null at the end of the stream. */
  next(): Promise<WatchEvent | null>;
  close(): void;
}

export interface ApiClient {
  call(path: string, options?: CallOptions): Promise<Answer>;
  watch(path: string, options?: CallOptions): Promise<Watching>;
  /** The same server asked by somebody else: another token, or nobody where it is null. */
  withToken(token: string | null): ApiClient;
  /** The same user acting as another. */
  actingAs(user: string, groups?: string[]): ApiClient;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(contentType: string, text: string): JsonObject {
  if (!contentType.startsWith('application/json') || text === '') return {};
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

export function createApiClient(access: Access, extra: Record<string, string | string[]> = {}): ApiClient {
  const send = (path: string, options: CallOptions): Promise<IncomingMessage> => {
    const { method = 'GET', body, headers = {} } = options;
    const bytes =
      body === undefined ? undefined : typeof body === 'string' ? body : Buffer.from(JSON.stringify(body));
    const isSecure = access.server.startsWith('https:');
    const url = new URL(access.server.replace(/\/$/, '') + path);
    return new Promise((resolve, reject) => {
      const call = (isSecure ? httpsRequest : httpRequest)(url, {
        method,
        agent: false,
        headers: {
          Accept: options.accept ?? 'application/json',
          'User-Agent': 'conformance/1.0',
          ...(bytes === undefined
            ? {}
            : {
                'Content-Type': options.contentType ?? 'application/json',
                'Content-Length': Buffer.byteLength(bytes),
              }),
          ...(access.token === undefined ? {} : { Authorization: `Bearer ${access.token}` }),
          ...extra,
          ...headers,
        },
        ...(access.ca === undefined ? {} : { ca: access.ca }),
        ...(access.cert === undefined ? {} : { cert: access.cert }),
        ...(access.key === undefined ? {} : { key: access.key }),
        rejectUnauthorized: !access.isInsecure,
      });
      call.on('error', reject);
      call.on('response', resolve);
      call.end(bytes);
    });
  };

  return {
    call: async (path, options = {}) => {
      const response = await send(path, options);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      const contentType = response.headers['content-type'] ?? '';
      return {
        code: response.statusCode ?? 0,
        headers: response.headers,
        contentType,
        text,
        body: parsed(contentType, text),
      };
    },
    watch: async (path, options = {}) => {
      const response = await send(path, options);
      const lines = linesOf(response);
      return {
        code: response.statusCode ?? 0,
        next: async () => {
          const { value, done } = await lines.next();
          return done === true ? null : (JSON.parse(value) as WatchEvent);
        },
        close: () => response.destroy(),
      };
    },
    withToken: (token) => {
      const { token: _token, cert: _cert, key: _key, ...anonymous } = access;
      return createApiClient(token === null ? anonymous : { ...anonymous, token });
    },
    actingAs: (user, groups = []) =>
      createApiClient(access, {
        'Impersonate-User': user,
        ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
      }),
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of response) {
    pending += (chunk as Buffer).toString('utf8');
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      yield pending.slice(0, end);
      pending = pending.slice(end + 1);
    }
  }
}
