import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { dropUntrustedHeaders, type Refusal, refuseRequest } from './refuse-request.ts';
import { COMMON_HEADERS, createPagePolicy } from './security-headers.ts';

/** A request's headers must be in after this long (attack A44). */
const HEADERS_TIMEOUT_MS = 9_000;
/** … and its body after this long. Answers may stream for as long as they like. */
const REQUEST_TIMEOUT_MS = 14_000;
/** Node looks for late requests this often; its default of 30 s would turn 9 s into 39 s. */
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than a load balancer's 60 s, so that the balancer closes first (platform-pitfalls N19). */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** How long a request may take to arrive. */
export interface ArrivalLimits {
  headersMs: number;
  requestMs: number;
  checkMs: number;
}

const ARRIVAL_LIMITS: ArrivalLimits = {
  headersMs: HEADERS_TIMEOUT_MS,
  requestMs: REQUEST_TIMEOUT_MS,
  checkMs: TIMEOUT_CHECK_MS,
};

export interface FrontDoorOptions {
  /** The application; called only for requests that were not refused. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The path prefix of everything of ours, "" for the root. */
  basePath?: string;
  isAllowedHost(hostHeader: string | undefined): boolean;
  /** Answers POST /api/chat past the application's router. */
  answerChat?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Takes over the WebSocket of /api/chat/presence: the one upgrade that is not refused. */
  answerPresence?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** For tests; the product's own limits otherwise. */
  limits?: ArrivalLimits;
  /** Development only: the hot-reload WebSocket. Without it every upgrade is refused. */
  handleUpgrade?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined;
}

function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const body = JSON.stringify({ error: { code: refusal.code, message: refusal.message } });
  response.writeHead(refusal.status, {
    ...COMMON_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}

/**
 * The HTTP server in front of Next.js: hosts, limits and headers in one place, for every path and
 * however the application is started. Handlers of /api check again for themselves.
 */
export function createFrontDoor(options: FrontDoorOptions): Server {
  const isDevelopment = options.handleUpgrade !== undefined;
  const limits = options.limits ?? ARRIVAL_LIMITS;
  const basePath = options.basePath ?? '';
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
      // Everything else that a client would rather speak (curl offers h2c) is an offer, to be passed over (RFC 9110 §7.8).
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() !== 'h2c',
    },
    (request, response) => {
      const refusal = refuseRequest(request, options.isAllowedHost, basePath);
      if (refusal !== null) {
        sendRefusal(response, refusal);
        return;
      }
      dropUntrustedHeaders(request);
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
      const path = (request.url ?? '/').slice(basePath.length);
      // Next.js marks its hashed files immutable unless told otherwise; everything else, redirects too, is not kept.
      if (!path.startsWith('/_next/static/')) response.setHeader('Cache-Control', 'no-store');
      if (!path.startsWith('/api/') && !path.startsWith('/_next/static/')) {
        const policy = createPagePolicy(isDevelopment);
        request.headers['content-security-policy'] = policy.contentSecurityPolicy;
        response.setHeader('Content-Security-Policy', policy.contentSecurityPolicy);
      } else {
        response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
      }
      if (options.answerChat !== undefined && request.method === 'POST' && path === '/api/chat') {
        options.answerChat(request, response).catch(() => response.destroy());
        return;
      }
      options.handle(request, response);
    },
  );
  server.on('upgrade', (request, socket, head) => {
    const isRefused = refuseRequest(request, options.isAllowedHost, basePath) !== null;
    const [path] = (request.url ?? '/').slice(basePath.length).split('?', 1);
    if (options.answerPresence !== undefined && !isRefused && path === '/api/chat/presence') {
      dropUntrustedHeaders(request);
      options.answerPresence(request, socket, head);
      return;
    }
    if (options.handleUpgrade !== undefined && !isRefused) {
      options.handleUpgrade(request, socket, head);
      return;
    }
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}
