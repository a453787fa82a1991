import 'server-only';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The server's end of a WebSocket that carries no messages: pings go out, and the browser itself answers them, whatever its
 * page is doing.
 */
export interface PageLine {
  ping(): void;
  close(): void;
}

export interface PageLineListener {
  /** The browser answered a ping. */
  onAnswer(): void;
  /** Exactly once, by whichever side it ended. */
  onEnd(): void;
}

/** Without a byte for this long nobody is there any more, or no answer runs: then the page opens another when it needs it. */
const IDLE_MS = 60_000;

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 1,
  // A browser sends no pings.
  autoPong: false,
});

/** Takes the connection over; `null` where the request is no WebSocket's, and has been answered so. */
export function openPageLine(
  request: IncomingMessage,
  socket: Duplex & { setTimeout?(milliseconds: number, onIdle: () => void): unknown },
  head: Buffer,
  { onAnswer, onEnd }: PageLineListener,
): PageLine | null {
  let opened: WebSocket | null = null;
  server.handleUpgrade(request, socket, head, (line) => {
    opened = line;
  });
  // Called within, or not at all.
  const line = opened as WebSocket | null;
  if (line === null) return null;
  socket.setTimeout?.(IDLE_MS, () => line.terminate());
  line
    .on('pong', () => {
      if (line.readyState === line.OPEN) onAnswer();
    })
    // Nothing a page of ours says.
    .on('message', () => line.terminate())
    .on('ping', () => line.terminate())
    .on('error', () => line.terminate())
    .once('close', onEnd);
  return {
    ping: () => {
      if (line.readyState === line.OPEN) line.ping();
    },
    // Not waiting for an answer: it may be closed because there is none.
    close: () => {
      line.close();
      line.terminate();
    },
  };
}

/** Answers an upgrade that is not taken. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
