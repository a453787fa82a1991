import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { readClientHello } from './client-hello.ts';

/** The first flight of a real TLS client. */
async function helloOf(servername: string): Promise<Buffer> {
  const bytes = await new Promise<Buffer>((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        socket.destroy();
        server.close();
        resolve(data);
      });
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      connect({ host: '127.0.0.1', port, ...(servername === '' ? {} : { servername }) }).on(
        'error',
        () => {},
      );
    });
  });
  return bytes;
}

test('finds the server name, and notices its absence', async () => {
  expect(readClientHello(await helloOf('chat.apps.example.com'))).toEqual({
    state: 'complete',
    serverName: 'chat.apps.example.com',
  });
  expect(readClientHello(await helloOf(''))).toEqual({ state: 'complete', serverName: null });
});

test('waits for the rest wherever the hello is cut', async () => {
  const hello = await helloOf('chat.apps.example.com');
  for (let length = 0; length < hello.length; length += 1) {
    expect(readClientHello(hello.subarray(0, length)), `cut at ${length}`).toEqual({ state: 'incomplete' });
  }
});

test('reads a hello spread over two records', async () => {
  const hello = await helloOf('chat.apps.example.com');
  const payload = hello.subarray(5);
  const record = (part: Buffer): Buffer =>
    Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part]);
  const split = Buffer.concat([record(payload.subarray(0, 60)), record(payload.subarray(60))]);
  expect(readClientHello(split)).toEqual({ state: 'complete', serverName: 'chat.apps.example.com' });
});

test('plain text is not TLS', () => {
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n'))).toEqual({ state: 'not-tls' });
});
