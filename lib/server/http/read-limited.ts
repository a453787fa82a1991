import 'server-only';
import type { Readable } from 'node:stream';

/** Thrown when a body is larger than the reader is willing to hold. */
export class BodyTooLargeError extends Error {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

/** The whole body as text, counted while reading; a larger one ends the connection. */
export async function readLimited(body: Readable, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    // Leaving the loop destroys the stream, and with it the socket.
    if (size > limitBytes) throw new BodyTooLargeError(limitBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
