/** Passes one HTTP request on and its answer back, unbuffered; whoever leaves, the other side knows at once. */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Backend } from './backends.ts';

export interface ProxyOptions {
  path: string;
  /** Already read, where the decision needed it; otherwise the request is streamed on. */
  body?: Buffer;
  /** Headers that the proxy adds to the request. */
  requestHeaders?: Record<string, string>;
  /** Headers that the proxy adds to the answer. */
  responseHeaders?: Record<string, string>;
  /** Longest silence of the backend in milliseconds. */
  idleTimeoutMs?: number;
  onIdle?: (response: ServerResponse) => void;
  onUnreachable: (response: ServerResponse) => void;
  /** Sees the answer pass: its status, each piece, and the end. */
  observe?: { head(code: number, isStreaming: boolean): void; piece(bytes: Buffer): void; end(): void };
}

/** Headers that belong to one connection only (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

function endToEndHeaders(message: IncomingMessage): string[] {
  const headers: string[] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push(name, message.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

export function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
  options: ProxyOptions,
): void {
  const send = backend.scheme === 'https' ? httpsRequest : httpRequest;
  const startedMs = performance.now();
  const headers = endToEndHeaders(request);
  if (options.body !== undefined && request.headers['content-length'] === undefined) {
    headers.push('Content-Length', String(options.body.length));
  }
  for (const [name, value] of Object.entries(options.requestHeaders ?? {})) headers.push(name, value);
  const upstream = send({
    host: '127.0.0.1',
    port: backend.hostPort,
    method: request.method,
    path: options.path,
    headers,
    setHost: false,
    agent: false,
    // The engine's certificate names nobody; gateways and routers do not verify it either (facts: demo-environment §4).
    rejectUnauthorized: false,
  });

  upstream.on('response', (answer) => {
    const passed = endToEndHeaders(answer);
    for (const [name, value] of Object.entries(options.responseHeaders ?? {})) passed.push(name, value);
    if (options.responseHeaders?.server === 'istio-envoy') {
      passed.push('x-envoy-upstream-service-time', String(Math.round(performance.now() - startedMs)));
    }
    const isStreaming = answer.headers['content-type']?.startsWith('text/event-stream') === true;
    options.observe?.head(answer.statusCode ?? 502, isStreaming);
    response.writeHead(answer.statusCode ?? 502, withoutReplaced(passed, options.responseHeaders ?? {}));
    response.flushHeaders();
    answer.on('data', (piece: Buffer) => {
      options.observe?.piece(piece);
      if (!response.write(piece)) {
        answer.pause();
        response.once('drain', () => answer.resume());
      }
    });
    answer.on('end', () => {
      options.observe?.end();
      response.end();
    });
    answer.on('error', () => {
      options.observe?.end();
      response.destroy();
    });
  });
  upstream.on('error', () => {
    options.observe?.end();
    if (response.headersSent || response.destroyed) response.destroy();
    else options.onUnreachable(response);
  });
  if (options.idleTimeoutMs !== undefined) {
    upstream.setTimeout(options.idleTimeoutMs, () => {
      if (response.headersSent) response.destroy();
      else options.onIdle?.(response);
      upstream.destroy();
    });
  }
  response.on('close', () => upstream.destroy());
  if (options.body !== undefined) upstream.end(options.body);
  else request.pipe(upstream);
}

/** The proxy's own `server` and the like take the place of the backend's. */
function withoutReplaced(headers: string[], own: Record<string, string>): string[] {
  const replaced = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const seen = new Set<string>();
  const result: string[] = [];
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    const name = headers[index] ?? '';
    const key = name.toLowerCase();
    if (replaced.has(key) && seen.has(key)) continue;
    seen.add(key);
    result.unshift(name, headers[index + 1] ?? '');
  }
  return result;
}
