import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  url: URL;
  close(): Promise<void>;
}

/** A real HTTP server on a free loopback port; gone when the test ends. */
export async function startHttpServer(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}`), close };
}

/** One request as the server saw it, its answer still to be written. */
export interface SeenRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  response: ServerResponse;
  /** Settled when the client's connection has closed before the answer was complete. */
  closed: Promise<void>;
}

export interface ScriptedServer extends TestServer {
  /** The next request, in the order of arrival; waits for it. */
  next(): Promise<SeenRequest>;
  seen(): readonly SeenRequest[];
}

/** A server whose answers the test writes by hand. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const waiting: ((request: SeenRequest) => void)[] = [];
  let taken = 0;
  const server = await startHttpServer(async (message, response) => {
    const request = await see(message, response);
    requests.push(request);
    const taker = waiting.shift();
    if (taker !== undefined) {
      taken += 1;
      taker(request);
    }
  });
  return {
    ...server,
    seen: () => requests,
    next: () => {
      const request = requests[taken];
      if (request === undefined) return new Promise((resolve) => waiting.push(resolve));
      taken += 1;
      return Promise.resolve(request);
    },
  };
}

async function see(message: IncomingMessage, response: ServerResponse): Promise<SeenRequest> {
  const closed = new Promise<void>((resolve) => {
    response.on('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? '',
    url: new URL(message.url ?? '/', 'http://server.test'),
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    response,
    closed,
  };
}
