import 'server-only';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../clock';
import { buildDispatcher } from '../http/dispatcher';
import { type ProxySettings, proxyFor } from '../http/proxy-choice';
import type { Access, Credentials } from './credentials';
import { createDoor, type Door, type Met } from './door';
import {
  KubernetesError,
  type Status,
  statusSchema,
  stoppedError,
  toConnectionError,
  toRefusal,
} from './errors';
import { linkSignal } from './pause';

/** A list of a very large cluster fits; a stream that never ends does not. */
const LARGEST_ANSWER_BYTES = 128 * 1024 * 1024;
const LARGEST_REFUSAL_BYTES = 64 * 1024;

export interface GetOptions {
  signal: AbortSignal;
  /** For the whole answer, connecting included. */
  timeoutMs: number;
  accept?: string;
  /** Entity tag of the answer we hold; the server may then say 304. */
  ifNoneMatch?: string | null;
}

export type Answer =
  | { outcome: 'ok'; httpStatus: 200; body: unknown; etag: string | null }
  | { outcome: 'not-modified'; httpStatus: 304 };

export interface WatchOptions {
  signal: AbortSignal;
  /** Until the response begins; the body may then be silent for as long as the caller's signal allows. */
  openTimeoutMs: number;
}

export interface DeleteOptions {
  signal: AbortSignal;
  timeoutMs: number;
  /** The object must still be this one; another of the same name is refused with 409. */
  uid: string;
}

/** Requests to one Kubernetes API. Every failure is a KubernetesError. */
export interface KubernetesClient {
  get(path: string, options: GetOptions): Promise<Answer>;
  /** Deletes one object; graceful termination goes on after the answer. Never tried twice but for credentials. */
  delete(path: string, options: DeleteOptions): Promise<void>;
  /** Opens a stream of watch lines. */
  watch(path: string, options: WatchOptions): Promise<AsyncIterable<Uint8Array>>;
  /** The server and where it was configured, without secrets; `null` before the first success in finding it. */
  describe(): string | null;
  close(): Promise<void>;
}

export interface ClientOptions {
  credentials: Credentials;
  proxy: ProxySettings;
  clock: Clock;
  /** Sees `host:port` of every connection attempt. */
  onConnect?: ((address: string) => void) | undefined;
}

interface Message {
  method: 'GET' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

interface Sent {
  access: Access;
  response: Dispatcher.ResponseData;
}

export function createKubernetesClient(options: ClientOptions): KubernetesClient {
  const { credentials, clock } = options;
  let pool: { key: string; dispatcher: Dispatcher; door: Door } | null = null;
  const retired = new Set<Dispatcher>();
  let description: string | null = null;
  /** Credentials that were refused twice; they get no second try until they change. */
  let refusedVersion: string | null = null;

  function poolFor(access: Access): { dispatcher: Dispatcher; door: Door } {
    if (pool?.key === access.connectionKey) return pool;
    if (pool !== null) retire(pool.dispatcher);
    const dispatcher = buildDispatcher({
      tls: access.tls,
      connectTo: null,
      proxy: access.proxyUrl ?? proxyFor(access.server, options.proxy),
      onConnect: options.onConnect,
    });
    pool = { key: access.connectionKey, dispatcher, door: createDoor(clock, whomMet) };
    return pool;
  }

  function retire(dispatcher: Dispatcher): void {
    retired.add(dispatcher);
    // Requests under way on the old connections are allowed to end.
    dispatcher.close().finally(() => retired.delete(dispatcher));
  }

  async function sendOnce(
    access: Access,
    { method, path, headers, body }: Message,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    description = access.source;
    const { dispatcher, door } = poolFor(access);
    return door.through(async () => {
      try {
        return await request(new URL(joinPaths(access.server.pathname, path), access.server), {
          dispatcher,
          method,
          body: body ?? null,
          headers: { ...access.headers, ...headers, 'user-agent': 'llm-d-live' },
          headersTimeout: 0, // the caller's signal is the deadline
          signal,
        });
      } catch (error) {
        throw toConnectionError(error);
      }
    }, signal);
  }

  /** Sends; a 401 or an untrusted certificate has everything read again, and one more try. */
  async function send(message: Message, signal: AbortSignal): Promise<Sent> {
    const access = await credentials.access();
    try {
      const response = await sendOnce(access, message, signal);
      if (response.statusCode !== 401) return { access, response };
      await discard(response);
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.kind !== 'certificate') throw error;
      const renewed = await credentials.renew(access);
      if (renewed.version === access.version) throw error;
      return { access: renewed, response: await sendOnce(renewed, message, signal) };
    }
    const renewed = await credentials.renew(access);
    if (renewed.version === refusedVersion) {
      throw toRefusal({ httpStatus: 401, contentType: '', retryAfter: null, status: null });
    }
    const response = await sendOnce(renewed, message, signal);
    refusedVersion = response.statusCode === 401 ? renewed.version : null;
    return { access: renewed, response };
  }

  return {
    async get(path, { signal, timeoutMs, accept, ifNoneMatch }) {
      const link = linkSignal(signal);
      const cancelTimeout = clock.after(timeoutMs, () => link.abort(timeoutError(timeoutMs)));
      try {
        const headers = {
          accept: accept ?? 'application/json',
          ...(ifNoneMatch ? { 'if-none-match': ifNoneMatch } : {}),
        };
        const { response } = await send({ method: 'GET', path, headers }, link.signal);
        if (response.statusCode === 304) {
          await discard(response);
          return { outcome: 'not-modified', httpStatus: 304 };
        }
        if (response.statusCode !== 200) throw await readRefusal(response);
        const text = await readText(response, LARGEST_ANSWER_BYTES);
        return { outcome: 'ok', httpStatus: 200, body: parseJson(text), etag: headerOf(response, 'etag') };
      } finally {
        cancelTimeout();
        link.release();
      }
    },
    async delete(path, { signal, timeoutMs, uid }) {
      const link = linkSignal(signal);
      const cancelTimeout = clock.after(timeoutMs, () => link.abort(timeoutError(timeoutMs)));
      try {
        const { response } = await send(
          {
            method: 'DELETE',
            path,
            headers: { accept: 'application/json', 'content-type': 'application/json' },
            body: JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } }),
          },
          link.signal,
        );
        if (response.statusCode !== 200 && response.statusCode !== 202) throw await readRefusal(response);
        await discard(response);
      } finally {
        cancelTimeout();
        link.release();
      }
    },
    async watch(path, { signal, openTimeoutMs }) {
      const link = linkSignal(signal);
      const cancelTimeout = clock.after(openTimeoutMs, () => link.abort(timeoutError(openTimeoutMs)));
      try {
        const { response } = await send(
          { method: 'GET', path, headers: { accept: 'application/json' } },
          link.signal,
        );
        if (response.statusCode !== 200) throw await readRefusal(response);
        return readChunks(response, link.release);
      } catch (error) {
        link.release();
        throw error;
      } finally {
        cancelTimeout();
      }
    },
    describe: () => description,
    async close() {
      const all = pool === null ? [...retired] : [...retired, pool.dispatcher];
      pool = null;
      await Promise.all(all.map((dispatcher) => dispatcher.destroy(stoppedError())));
    },
  };
}

function whomMet(error: unknown): Met {
  if (!(error instanceof KubernetesError)) return 'unknown';
  if (error.kind === 'connection' || error.kind === 'name-not-found') return 'nobody';
  return error.kind === 'certificate' ? 'somebody' : 'unknown';
}

/** Some API servers live under a path, as behind a multiplexer. */
function joinPaths(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}${path}`;
}

function timeoutError(timeoutMs: number): KubernetesError {
  return new KubernetesError(
    'timeout',
    `The API server has not answered within ${Math.round(timeoutMs / 1000)} s.`,
  );
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

async function discard(response: Dispatcher.ResponseData): Promise<void> {
  await response.body.dump({ limit: LARGEST_REFUSAL_BYTES }).catch(() => undefined);
}

async function* readChunks(response: Dispatcher.ResponseData, onEnd: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body) yield chunk;
  } catch (error) {
    throw toConnectionError(error);
  } finally {
    onEnd();
  }
}

async function readText(response: Dispatcher.ResponseData, limitBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readChunks(response, () => undefined)) {
    size += chunk.byteLength;
    if (size > limitBytes)
      throw new KubernetesError('unreadable', 'The answer of the API server is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KubernetesError(
      'unreadable',
      'The answer does not come from a Kubernetes API: it is not JSON.',
    );
  }
}

async function readRefusal(response: Dispatcher.ResponseData): Promise<KubernetesError> {
  const text = await readText(response, LARGEST_REFUSAL_BYTES).catch(() => '');
  return toRefusal({
    httpStatus: response.statusCode,
    contentType: headerOf(response, 'content-type') ?? '',
    retryAfter: headerOf(response, 'retry-after'),
    status: readStatus(text),
  });
}

function readStatus(text: string): Status | null {
  try {
    return statusSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
