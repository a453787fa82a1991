import 'server-only';
import { createHash } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The server's end of a WebSocket (RFC 6455) that carries no messages: pings go out, and the browser itself answers them,
 * whatever its page is doing. Nothing else is understood.
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

/** RFC 6455 §1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** Without a byte for this long nobody is there any more, or no answer runs: then the page opens another when it needs it. */
const IDLE_MS = 60_000;

const PING = Buffer.from([0x89, 0]);
const CLOSE = Buffer.from([0x88, 0]);

/** Takes the connection over, or returns `null` where the request is no WebSocket's; then it is the caller's to refuse. */
export function openPageLine(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  socket: Duplex & { setTimeout?(milliseconds: number, onIdle: () => void): unknown },
  head: Buffer,
  { onAnswer, onEnd }: PageLineListener,
): PageLine | null {
  const { headers, method } = request;
  const key = headers['sec-websocket-key'] ?? '';
  const isWebSocket =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    KEY.test(key);
  if (!isWebSocket) return null;
  const accept = createHash('sha1').update(`${key}${ACCEPT_SUFFIX}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const close = (): void => {
    if (!socket.destroyed) socket.end(CLOSE, () => socket.destroy());
  };
  const read = createFrameReader({ onPong: onAnswer, onClose: close, onOther: () => socket.destroy() });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.once('close', onEnd);
  socket.setTimeout?.(IDLE_MS, () => socket.destroy());
  socket.on('data', read);
  if (head.length > 0) read(head);
  return {
    ping: () => {
      if (socket.writable) socket.write(PING);
    },
    close,
  };
}

/** Answers an upgrade that is not taken. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

const HEADER_BYTES = 2;
const MASK_BYTES = 4;
const IS_FINAL_CONTROL = 0x88;
const IS_MASKED = 0x80;
/** What a control frame may hold at most (§5.5); the two larger numbers announce longer lengths. */
const MAX_CONTROL_BYTES = 125;

export interface FrameListener {
  onPong(): void;
  onClose(): void;
  /** A message, a fragment, an unmasked frame: nothing a page of ours sends. */
  onOther(): void;
}

/** Reads a browser's frames, whatever the borders of the chunks; keeps at most one unfinished control frame. */
export function createFrameReader({ onPong, onClose, onOther }: FrameListener): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isOver = false;
  const end = (how: () => void): void => {
    isOver = true;
    how();
  };
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (!isOver && rest.length >= HEADER_BYTES) {
      const first = rest.readUInt8(0);
      const second = rest.readUInt8(1);
      const payloadBytes = second & 0x7f;
      if (
        (first & 0xf8) !== IS_FINAL_CONTROL ||
        (second & IS_MASKED) === 0 ||
        payloadBytes > MAX_CONTROL_BYTES
      ) {
        return end(onOther);
      }
      const frameBytes = HEADER_BYTES + MASK_BYTES + payloadBytes;
      if (rest.length < frameBytes) return;
      rest = rest.subarray(frameBytes);
      switch (first & 0x0f) {
        case 0xa:
          onPong();
          break;
        case 0x8:
          return end(onClose);
        default:
          // A browser sends no pings (§5.5.2 would have them answered).
          return end(onOther);
      }
    }
  };
}
