import 'server-only';
import type { Readable } from 'node:stream';
import { HttpProblem } from './problem';

/** Body limit of the contract: 256 KiB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** A request's body, as the Fetch API or as Node has it. */
export type IncomingBody = ReadableStream<Uint8Array> | Readable;

/** The whole body as text, its bytes counted as they come. Throws 413 past the limit, 408 when it stalls. */
export async function readBody(body: IncomingBody, deadlineMs: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const take = (bytes: Uint8Array): void => {
    sizeBytes += bytes.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(bytes);
  };
  await (body instanceof ReadableStream
    ? takeStream(body, take, deadlineMs)
    : takeReadable(body, take, deadlineMs));
  return new TextDecoder().decode(Buffer.concat(chunks));
}

type Take = (bytes: Uint8Array) => void;

async function takeStream(body: ReadableStream<Uint8Array>, take: Take, deadlineMs: number): Promise<void> {
  const reader = body.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel();
  }, deadlineMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) throw tooSlow();
      if (done) return;
      take(value);
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}

/** What is given up halfway is read to its end and dropped: destroying it would take the answer's socket along. */
function takeReadable(body: Readable, take: Take, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      body.off('data', onData).off('end', onEnd).resume();
    };
    const fail = (error: unknown): void => {
      leave();
      reject(error);
    };
    const onData = (bytes: Uint8Array): void => {
      try {
        take(bytes);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      leave();
      resolve();
    };
    const timer = setTimeout(() => fail(tooSlow()), deadlineMs);
    body.on('data', onData).on('end', onEnd).on('error', fail);
  });
}

export function tooLarge(): HttpProblem {
  return new HttpProblem(413, 'body-too-large', `The body may have at most ${MAX_BODY_BYTES} bytes.`);
}

function tooSlow(): HttpProblem {
  return new HttpProblem(408, 'slow-body', 'The body did not arrive in time.');
}
