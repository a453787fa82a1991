/** The server name of a TLS ClientHello, read without taking part in the handshake (RFC 8446 §4.1.2, RFC 6066 §3). */

export type ClientHello =
  | { state: 'incomplete' }
  | { state: 'not-tls' }
  | { state: 'complete'; serverName: string | null };

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;

export function readClientHello(bytes: Buffer): ClientHello {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return { state: 'not-tls' };
  if (bytes.length < 5) return { state: 'incomplete' };
  // A hello may be spread over several records; their payloads are joined first.
  const payloads: Buffer[] = [];
  let position = 0;
  while (position + 5 <= bytes.length && bytes[position] === HANDSHAKE) {
    const length = bytes.readUInt16BE(position + 3);
    payloads.push(bytes.subarray(position + 5, position + 5 + length));
    position += 5 + length;
  }
  const message = Buffer.concat(payloads);
  if (message.length < 4) return { state: 'incomplete' };
  if (message[0] !== CLIENT_HELLO) return { state: 'not-tls' };
  const length = message.readUIntBE(1, 3);
  if (message.length < 4 + length) return { state: 'incomplete' };
  return { state: 'complete', serverName: serverNameIn(message.subarray(4, 4 + length)) };
}

function serverNameIn(hello: Buffer): string | null {
  let position = 2 + 32;
  position += 1 + (hello[position] ?? 0);
  position += 2 + hello.readUInt16BE(position);
  position += 1 + (hello[position] ?? 0);
  if (position + 2 > hello.length) return null;
  const end = position + 2 + hello.readUInt16BE(position);
  position += 2;
  while (position + 4 <= end) {
    const type = hello.readUInt16BE(position);
    const length = hello.readUInt16BE(position + 2);
    const body = hello.subarray(position + 4, position + 4 + length);
    if (type === SERVER_NAME && body.length > 5) return body.toString('latin1', 5, 5 + body.readUInt16BE(3));
    position += 4 + length;
  }
  return null;
}
