/**
 * A model server of exact pace that remembers when it wrote what, per question. Run as a program of its own
 * (`startModelServer`), so that it takes no turns with the reader that is measured against it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Journal, type Pace, readQuestion, tokenText } from './model-server.ts';
import { monotonicMs } from './monotonic.ts';

const PROBE_PACE: Pace = { firstTokenMs: 1, gapMs: 1, tokens: 1 };

const journals = new Map<string, Journal>();

const frame = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;

async function answer(response: ServerResponse, { firstTokenMs, gapMs, tokens }: Pace, journal: Journal) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }));
  for (let index = 0; index < tokens; index += 1) {
    await sleep(index === 0 ? firstTokenMs : gapMs);
    if (response.destroyed) return;
    journal.writtenAtMs.push(monotonicMs());
    response.write(frame({ choices: [{ index: 0, delta: { content: tokenText(index) } }] }));
  }
  response.write(frame({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }));
  response.write(frame({ choices: [], usage: { prompt_tokens: 8, completion_tokens: tokens } }));
  response.end('data: [DONE]\n\n');
}

const server = createServer(async (request, response) => {
  const receivedAtMs = monotonicMs();
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url === '/journals') {
      response.end(JSON.stringify([...journals]));
      journals.clear();
    } else {
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'mistral-3-int4', max_model_len: 8192 }] }));
    }
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { content: string }[] };
  const question = readQuestion(body.messages.at(-1)?.content ?? '');
  const journal: Journal = { receivedAtMs, writtenAtMs: [] };
  if (question !== null) journals.set(question.name, journal);
  await answer(response, question?.pace ?? PROBE_PACE, journal);
});
// As uvicorn does.
server.keepAliveTimeout = 5_000;
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
process.on('disconnect', () => process.exit(0));
