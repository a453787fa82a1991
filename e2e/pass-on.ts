import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Hands a request on as it is and its answer back, as a router does; whoever leaves, the other side knows. */
export function passOn(incoming: IncomingMessage, outgoing: ServerResponse, to: URL): void {
  const { method, url, headers } = incoming;
  const onward = request({ hostname: to.hostname, port: to.port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

/** The same for a WebSocket: its request as it came, then the bytes of both sides. */
export function passOnUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, to: URL): void {
  const onward = connect(Number(to.port), to.hostname);
  const { method, url, rawHeaders } = incoming;
  const lines = rawHeaders.map((word, index) => (index % 2 === 0 ? `${word}: ` : `${word}\r\n`));
  onward.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
  onward.write(head);
  for (const [from, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    from.pipe(other);
    from.on('error', () => other.destroy());
    from.on('close', () => other.destroy());
  }
}
