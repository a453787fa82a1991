import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A model server of exact pace that remembers when it wrote what, per question. */
export interface ModelServer {
  url: string;
  /** Times on this process' own clock, by the question's name. */
  journalOf(name: string): Journal;
  close(): Promise<void>;
}

export interface Journal {
  receivedAtMs: number;
  /** Just before each token was written. */
  writtenAtMs: number[];
}

export interface Pace {
  firstTokenMs: number;
  gapMs: number;
  tokens: number;
}

const frame = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;

/** The text of the n-th token: unmistakable, so that a lost or doubled one is seen. */
export function tokenText(index: number): string {
  return `<${index}>`;
}

async function answer(response: ServerResponse, { firstTokenMs, gapMs, tokens }: Pace, journal: Journal) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }));
  for (let index = 0; index < tokens; index += 1) {
    await sleep(index === 0 ? firstTokenMs : gapMs);
    if (response.destroyed) return;
    journal.writtenAtMs.push(performance.now());
    response.write(frame({ choices: [{ index: 0, delta: { content: tokenText(index) } }] }));
  }
  response.write(frame({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }));
  response.write(frame({ choices: [], usage: { prompt_tokens: 8, completion_tokens: tokens } }));
  response.end('data: [DONE]\n\n');
}

/** `paceOf` reads the pace from the question; other questions (probes) get one token. */
export async function startModelServer(paceOf: (question: string) => Pace | null): Promise<ModelServer> {
  const journals = new Map<string, Journal>();
  const server: Server = createServer(async (request, response) => {
    const receivedAtMs = performance.now();
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'mistral-3-int4', max_model_len: 8192 }] }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { content: string }[] };
    const question = body.messages.at(-1)?.content ?? '';
    const journal: Journal = { receivedAtMs, writtenAtMs: [] };
    journals.set(question, journal);
    await answer(response, paceOf(question) ?? { firstTokenMs: 1, gapMs: 1, tokens: 1 }, journal);
  });
  // As uvicorn does.
  server.keepAliveTimeout = 5_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journalOf: (name) => {
      const journal = journals.get(name);
      if (journal === undefined) throw new Error(`nobody asked ${name}`);
      return journal;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
