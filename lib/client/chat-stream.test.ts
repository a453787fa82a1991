import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '@/lib/contracts/chat';
import { CHAT_END as END } from '@/lib/domain/testing/build-chat';
import { type ChatStreamItem, openChatStream } from './chat-stream';
import { createManualTimers } from './testing/manual-timers';

const REQUEST: ChatRequest = { arm: 'baseline', messages: [{ role: 'user', content: 'Hello' }] };
const DELTA = { type: 'text-delta', text: 'Grüße 🙂', atMs: 310 };
const STREAM = { 'content-type': 'text/event-stream' };
const dataLine = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A dashboard on a free port; relative addresses go there. */
async function aDashboard(handle: RequestListener): Promise<typeof fetch> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

async function collect(stream: AsyncGenerator<ChatStreamItem>): Promise<ChatStreamItem[]> {
  const items: ChatStreamItem[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function ask(fetchFrom: typeof fetch, signal = new AbortController().signal): AsyncGenerator<ChatStreamItem> {
  return openChatStream(REQUEST, signal, fetchFrom);
}

describe('chat stream', () => {
  it('posts the request and yields each event and ping, whatever the borders of the chunks', async () => {
    let posted = '';
    const bytes = Buffer.from(`: ping\n\n${dataLine(DELTA)}${dataLine(END)}`);
    const dashboard = await aDashboard(async (request, response) => {
      for await (const chunk of request) posted += chunk;
      response.writeHead(200, STREAM);
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(await collect(ask(dashboard))).toEqual([
      { type: 'ping' },
      { type: 'event', event: DELTA },
      { type: 'event', event: END },
    ]);
    expect(JSON.parse(posted)).toEqual(REQUEST);
  });

  it('hands on a ping before any event follows it', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.write(': ping\n\n');
    });
    const stream = ask(dashboard);
    expect(await stream.next()).toEqual({ done: false, value: { type: 'ping' } });
    await stream.return(undefined);
  });

  it('knows a beat from a ping', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.end(`: open\n\n: beat 1000\n\n: beat\n\n: ping\n\n${dataLine(END)}`);
    });
    const types = (await collect(ask(dashboard))).map(({ type }) => type);
    expect(types).toEqual(['ping', 'beat', 'ping', 'ping', 'event']);
  });

  it('ends a stream whose promised beats stay away, and says for how long', async () => {
    const timers = createManualTimers(0);
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.write(': beat 1000\n\n');
    });
    const stream = openChatStream(REQUEST, new AbortController().signal, dashboard, timers.setTimer);
    expect((await stream.next()).value).toEqual({ type: 'beat' });
    const next = stream.next();
    await timers.advance(10_000);
    expect((await next).value).toEqual({
      type: 'lost',
      problem: {
        code: 'went-silent',
        message: 'Nothing came from the dashboard for 10 s.',
        httpStatus: null,
      },
    });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('takes nothing after the end', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.end(dataLine(END) + dataLine(DELTA));
    });
    expect(await collect(ask(dashboard))).toEqual([{ type: 'event', event: END }]);
  });

  it('says that the stream was cut when it ends without an end', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.end(dataLine(DELTA));
    });
    const items = await collect(ask(dashboard));
    expect(items.at(-1)).toMatchObject({ type: 'lost', problem: { code: 'stream-cut' } });
    expect(items).toHaveLength(2);
  });

  it('says that the stream was cut when the connection breaks', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(200, STREAM);
      response.write(dataLine(DELTA), () => response.destroy());
    });
    expect((await collect(ask(dashboard))).at(-1)).toMatchObject({
      type: 'lost',
      problem: { code: 'stream-cut' },
    });
  });

  it('shows the refusal in its own words', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end('{"error":{"code":"too-large","message":"The request is larger than 256 KiB."}}');
    });
    expect(await collect(ask(dashboard))).toEqual([
      {
        type: 'lost',
        problem: { code: 'refused', message: 'The request is larger than 256 KiB.', httpStatus: 413 },
      },
    ]);
  });

  it('survives a refusal in HTML', async () => {
    const dashboard = await aDashboard((_, response) => {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<h1>Application is not available</h1>');
    });
    expect(await collect(ask(dashboard))).toEqual([
      { type: 'lost', problem: { code: 'refused', message: 'The dashboard answered 503.', httpStatus: 503 } },
    ]);
  });

  it.each(['data: {half\n\n', dataLine({ type: 'weather' }), `data: ${'x'.repeat(5 * 1024 * 1024)}`])(
    'gives up on an event it cannot read',
    async (body) => {
      const dashboard = await aDashboard((_, response) => {
        response.writeHead(200, STREAM);
        response.end(body);
      });
      expect((await collect(ask(dashboard))).at(-1)).toMatchObject({ problem: { code: 'unreadable-event' } });
    },
  );

  it('says that the dashboard is away', async () => {
    const dashboard: typeof fetch = () => fetch('http://127.0.0.1:1/api/chat');
    expect((await collect(ask(dashboard)))[0]).toMatchObject({ problem: { code: 'unreachable' } });
  });

  it('ends silently on abort and closes the connection, so that the model stops', async () => {
    const aborting = new AbortController();
    let noticeClosed = (): void => {};
    const closed = new Promise<void>((resolve) => {
      noticeClosed = resolve;
    });
    const dashboard = await aDashboard((_, response) => {
      response.on('close', noticeClosed);
      response.writeHead(200, STREAM);
      response.write(dataLine(DELTA));
    });
    const items: ChatStreamItem[] = [];
    for await (const item of ask(dashboard, aborting.signal)) {
      items.push(item);
      aborting.abort();
    }
    expect(items).toEqual([{ type: 'event', event: DELTA }]);
    await closed;
  });
});
