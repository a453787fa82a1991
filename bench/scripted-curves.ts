import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The dashboard, but for its curves: these are scripted, and announced when the script says so. */
export interface ScriptedCurves {
  /** Where the page is to be opened. */
  url: string;
  /** Resolves once a page hears the live stream. */
  heard: Promise<void>;
  /** From now on GET /api/compare answers this; every open live stream is told. */
  show(answer: { observedAt: string }): void;
  close(): Promise<void>;
}

/** An event may come in several pieces; between two whole ones there is room for another. */
function passWholeEvents(from: IncomingMessage, to: ServerResponse, onSnapshot: () => void): void {
  let rest = Buffer.alloc(0);
  let isFirst = true;
  from.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    const end = rest.lastIndexOf('\n\n');
    if (end < 0) return;
    const whole = rest.subarray(0, end + 2);
    rest = rest.subarray(end + 2);
    to.write(whole);
    // Only a page that knows the state hears what changes it.
    if (isFirst && whole.includes('event: snapshot\n')) {
      isFirst = false;
      onSnapshot();
    }
  });
  from.on('end', () => to.end());
}

/** Stands in front of a running dashboard. All else passes through, the live stream as it comes. */
export async function startScriptedCurves(dashboardUrl: string, first: object): Promise<ScriptedCurves> {
  let curves = Buffer.from(JSON.stringify(first));
  const streams = new Set<ServerResponse>();
  let hear = (): void => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const isStream = incoming.url?.startsWith('/api/events') === true;
    const outgoing = request(
      `${dashboardUrl}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!isStream) {
          answer.pipe(response);
          return;
        }
        response.flushHeaders();
        passWholeEvents(answer, response, () => {
          streams.add(response);
          hear();
        });
      },
    );
    outgoing.on('error', () => response.destroy());
    response.on('close', () => {
      streams.delete(response);
      outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }

  const server = createServer((incoming, response) => {
    if (incoming.url?.startsWith('/api/compare?') !== true) return pass(incoming, response);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    response.writeHead(200, { ...headers, 'content-length': curves.length }).end(curves);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    show(answer) {
      curves = Buffer.from(JSON.stringify(answer));
      const news = `event: compare-ready\ndata: ${JSON.stringify({ at: answer.observedAt })}\n\n`;
      for (const stream of streams) stream.write(news);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
