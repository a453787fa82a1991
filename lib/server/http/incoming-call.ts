import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingCall } from './guards';

/** A request as Node has it, for guards and parsers: what a Request of the Fetch API would say, without making one. */
export function toCall(incoming: IncomingMessage): IncomingCall {
  const get = (name: string): string | null => {
    // As Next.js does; the front door has dropped what the client said.
    if (name === 'x-forwarded-for') return incoming.socket.remoteAddress ?? null;
    const value = incoming.headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  };
  return {
    url: `http://${incoming.headers.host}${incoming.url}`,
    headers: { get, has: (name) => get(name) !== null },
    body: incoming,
  };
}

/** Sends an answer of the Fetch API whole, through Node's response. */
export async function sendWhole(answer: Response, response: ServerResponse): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.writeHead(answer.status).end(body);
}
