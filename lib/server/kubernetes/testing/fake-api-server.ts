import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { vi } from 'vitest';
import type { KeyPair } from './test-certificates';

export type CallKind = 'list' | 'watch';

/** One request the server has received and a test has to answer. */
export interface ApiCall {
  kind: CallKind;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** A whole JSON answer. */
  answer(body: unknown, httpStatus?: number, headers?: Record<string, string>): void;
  /** The plain text a server sends for what it does not serve. */
  answerText(text: string, httpStatus: number): void;
  /** Begins a watch: head only. */
  open(): void;
  /** Bytes of a watch, as given. */
  write(bytes: string | Uint8Array): void;
  /** One watch event on its own line. */
  send(type: string, object: unknown): void;
  /** Ends the answer as at a time limit. */
  end(): void;
  /** Cuts the connection as a crash does. */
  reset(): void;
  /** Whether the client has let go of the request. */
  isGone(): boolean;
}

/** A Kubernetes API server that does what a test says, call by call, over real sockets. */
export interface FakeApiServer {
  url: string;
  /** The next call of this kind, in order of arrival; waits for it. */
  next(kind: CallKind): Promise<ApiCall>;
  /** Answers every call by itself from now on; returning `false` leaves the call to `next`. */
  answerWith(responder: ((call: ApiCall) => boolean) | null): void;
  /** Calls received so far that nobody has taken. */
  waiting(kind: CallKind): number;
  connectionCount(): number;
  close(): Promise<void>;
}

export async function startFakeApiServer(keys: KeyPair | null = null, port = 0): Promise<FakeApiServer> {
  const queues: Record<CallKind, ApiCall[]> = { list: [], watch: [] };
  const sockets = new Set<Socket>();
  let connections = 0;
  let responder: ((call: ApiCall) => boolean) | null = null;
  const listener: RequestListener = (request, response) => {
    const call = toCall(request, response);
    if (responder?.(call) !== true) queues[call.kind].push(call);
  };
  const server =
    keys === null
      ? createHttpServer(listener)
      : createHttpsServer({ cert: keys.certificatePem, key: keys.keyPem }, listener);
  server.on(keys === null ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `${keys === null ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    next: (kind) =>
      vi.waitFor(
        () => {
          const call = queues[kind].shift();
          if (call === undefined) throw new Error(`no ${kind} has come`);
          return call;
        },
        { timeout: 5_000, interval: 1 },
      ),
    answerWith(newResponder) {
      responder = newResponder;
    },
    waiting: (kind) => queues[kind].length,
    connectionCount: () => connections,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function toCall(request: IncomingMessage, response: ServerResponse): ApiCall {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const open = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
  };
  const write = (bytes: string | Uint8Array): void => {
    open();
    response.write(bytes);
  };
  return {
    kind: searchParams.get('watch') === 'true' ? 'watch' : 'list',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    answer(body, httpStatus = 200, headers = {}) {
      response.writeHead(httpStatus, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    },
    answerText(text, httpStatus) {
      response.writeHead(httpStatus, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(text);
    },
    open,
    write,
    send: (type, object) => write(`${JSON.stringify({ type, object })}\n`),
    end() {
      open();
      response.end();
    },
    reset() {
      request.socket.destroy();
    },
    isGone: () => response.destroyed || request.socket.destroyed,
  };
}
