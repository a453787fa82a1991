/** Reads answers as ordered (`startAnswerReader`), and says what arrived when. */
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';
import type { Arrivals, ReaderReply, ReadingOrder, Way } from './answer-reader.ts';
import { questionOf } from './model-server.ts';
import { monotonicMs } from './monotonic.ts';

const agent = new Agent({ connections: null, keepAliveTimeout: 4_000 });

function textOf(way: Way, json: unknown): string {
  if (way === 'directly') {
    const { choices } = json as { choices: { delta?: { content?: string } }[] };
    return choices[0]?.delta?.content ?? '';
  }
  const event = json as { type: string; text?: string };
  return event.type === 'text-delta' ? (event.text ?? '') : '';
}

async function ask({ url, way, pace }: ReadingOrder, name: string): Promise<Arrivals> {
  const messages = [{ role: 'user', content: questionOf(name, pace) }];
  const body = JSON.stringify(
    way === 'directly'
      ? { model: 'mistral-3-int4', messages, stream: true, max_tokens: 256 }
      : { arm: 'baseline', messages, maxTokens: 256 },
  );
  const arrivals: Arrivals = { name, sentAtMs: monotonicMs(), atMs: [], text: '', last: null };
  const response = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', 'x-page-id': `bench-${name}` },
    body,
  });
  if (response.statusCode !== 200)
    throw new Error(`${way}: ${response.statusCode} ${await response.body.text()}`);
  let arrivedAtMs = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') return;
      const json: unknown = JSON.parse(data);
      arrivals.last = json;
      const text = textOf(way, json);
      if (text === '') return;
      arrivals.text += text;
      arrivals.atMs.push(arrivedAtMs);
    },
  });
  const decoder = new TextDecoder();
  response.body.on('data', (bytes: Buffer) => {
    arrivedAtMs = monotonicMs();
    parser.feed(decoder.decode(bytes, { stream: true }));
  });
  await finished(response.body);
  return arrivals;
}

async function readAll(order: ReadingOrder): Promise<Arrivals[]> {
  const streams = order.streams.map(async (names, index) => {
    await sleep(order.apartMs * index);
    const answers: Arrivals[] = [];
    for (const name of names) answers.push(await ask(order, name));
    return answers;
  });
  return (await Promise.all(streams)).flat();
}

function reply(message: ReaderReply): void {
  process.send?.(message);
}

process.on('message', (order: ReadingOrder) => {
  readAll(order).then(
    (arrivals) => reply({ arrivals }),
    (error: unknown) => reply({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
console.log('ready');
