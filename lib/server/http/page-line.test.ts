import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openPageLine, type PageLine } from './page-line';

/** The mask does not matter: nothing of a payload is looked at. */
function frame(first: number, payload = ''): Buffer {
  return Buffer.concat([
    Buffer.from([first, 0x80 | payload.length, 1, 2, 3, 4]),
    Buffer.from(payload, 'latin1'),
  ]);
}

const PONG = frame(0x8a, 'still here');
const CLOSE = frame(0x88, '\u0003\u00e8');

interface Opened {
  socket: Socket;
  line: () => PageLine | null;
  onAnswer: ReturnType<typeof vi.fn>;
  onEnd: ReturnType<typeof vi.fn>;
  /** What the server sent, all of it so far. */
  heard: () => Buffer;
}

const HANDSHAKE = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

async function open(
  headers: Record<string, string> = HANDSHAKE,
  after: Buffer = Buffer.alloc(0),
): Promise<Opened> {
  let line: PageLine | null = null;
  const onAnswer = vi.fn();
  const onEnd = vi.fn();
  const server: Server = createServer().on('upgrade', (request, socket, head) => {
    line = openPageLine(request, socket, head, { onAnswer, onEnd });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let heard: Buffer = Buffer.alloc(0);
  socket
    .on('error', () => undefined)
    .on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
    });
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(Buffer.concat([Buffer.from(`GET /line HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`), after]));
  await vi.waitFor(() => expect(heard.includes('\r\n\r\n')).toBe(true));
  return { socket, line: () => line, onAnswer, onEnd, heard: () => heard };
}

describe('a line to a page', () => {
  it('opens as RFC 6455 has it, pings, and tells each answer', async () => {
    const { socket, line, onAnswer, heard } = await open();
    expect(heard().toString()).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
    const before = heard().length;
    line()?.ping();
    await vi.waitFor(() => expect([...heard().subarray(before)]).toEqual([0x89, 0]));
    socket.write(PONG);
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalledTimes(1));
  });

  it('is heard when its first frame comes with the request', async () => {
    const { onAnswer } = await open(HANDSHAKE, PONG);
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalledTimes(1));
  });

  it('says once that it ended: closed by the page, broken, or closed by us', async () => {
    const byPage = await open();
    byPage.socket.write(CLOSE);
    const broken = await open();
    broken.socket.resetAndDestroy();
    const byUs = await open();
    byUs.line()?.close();
    for (const { onEnd, socket } of [byPage, broken, byUs]) {
      await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1));
      await vi.waitFor(() => expect(socket.destroyed).toBe(true));
    }
    expect([...byUs.heard().subarray(-2)]).toEqual([0x88, 0]);
    byUs.line()?.ping();
    byUs.line()?.close();
    expect(byUs.onEnd).toHaveBeenCalledTimes(1);
  });

  it('hears answers whatever the borders of the packets', async () => {
    const { socket, onAnswer, onEnd } = await open();
    socket.setNoDelay(true);
    for (const byte of Buffer.concat([PONG, frame(0x8a), PONG])) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalledTimes(3));
    expect(onEnd).not.toHaveBeenCalled();
  });

  it.each([
    ['a text message', frame(0x81, 'h')],
    ['a long message', frame(0x82, 'hello')],
    ['a continuation', frame(0x80)],
    ['a ping', frame(0x89)],
    ['an unmasked pong', Buffer.from([0x8a, 0])],
    ['a reserved bit', frame(0xca)],
    ['a long control frame', Buffer.from([0x8a, 0xfe, 0xff, 0xff])],
    ['a request of HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('ends when the page says %s', async (_, bytes) => {
    const { socket, onAnswer, onEnd } = await open();
    socket.write(Buffer.concat([bytes, PONG]));
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1));
    expect(onAnswer).not.toHaveBeenCalled();
  });

  it.each([
    ['another protocol', { ...HANDSHAKE, Upgrade: 'tcp' }],
    ['an old version', { ...HANDSHAKE, 'Sec-WebSocket-Version': '7' }],
    ['a key of the wrong size', { ...HANDSHAKE, 'Sec-WebSocket-Key': 'c2hvcnQ=' }],
  ])('is not opened for %s', async (_, headers) => {
    const { line, heard } = await open(headers);
    expect(line()).toBeNull();
    expect(heard().toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});
