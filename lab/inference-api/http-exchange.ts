import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { HttpExchange as HttpOutcome } from './http-metrics.ts';

/** One request and its response, with what the HTTP metrics need to know about them. */
export class HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrivedMs: number;
  private readonly clock: Clock;

  constructor(request: IncomingMessage, response: ServerResponse, clock: Clock) {
    this.request = request;
    this.response = response;
    this.clock = clock;
    this.arrivedMs = clock.nowMs();
    response.sendDate = false;
    // Uvicorn neither announces keep-alive nor capitalises header names.
    response.removeHeader('connection');
    response.setHeader('date', new Date(this.arrivedMs).toUTCString());
    response.setHeader('server', 'uvicorn');
    response.setHeader('x-lab', '1');
  }

  /** The whole request body as text; never resolves when the client goes away first. */
  readBody(then: (text: string) => void): void {
    const parts: Buffer[] = [];
    this.request.on('data', (part: Buffer) => parts.push(part));
    this.request.on('end', () => then(Buffer.concat(parts).toString('utf8')));
  }

  /** Runs when the client has gone away before the response was complete. */
  onAbandoned(react: () => void): void {
    this.response.on('close', () => {
      if (!this.response.writableFinished) react();
    });
  }

  outcome(handler: string): HttpOutcome {
    return {
      handler,
      method: this.request.method ?? 'GET',
      statusCode: this.response.statusCode,
      requestBytes: Number(this.request.headers['content-length'] ?? 0),
      responseBytes: Number(this.response.getHeader('content-length') ?? 0),
      durationSeconds: (this.clock.nowMs() - this.arrivedMs) / 1000,
    };
  }
}

export function sendJson(response: ServerResponse, statusCode: number, body: unknown): void {
  sendBody(response, statusCode, 'application/json', JSON.stringify(body));
}

export function sendBody(
  response: ServerResponse,
  statusCode: number,
  contentType: string | null,
  body: string,
): void {
  response.statusCode = statusCode;
  response.setHeader('content-length', Buffer.byteLength(body));
  if (contentType !== null) response.setHeader('content-type', contentType);
  response.end(body);
}

/** Starts a stream of server-sent events: headers go out before the first token exists. */
export function startEvents(response: ServerResponse): void {
  response.statusCode = 200;
  response.setHeader('content-type', 'text/event-stream; charset=utf-8');
  response.flushHeaders();
}

export function sendEvent(response: ServerResponse, data: string): void {
  response.write(`data: ${data}\n\n`);
}
