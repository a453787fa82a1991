import 'server-only';
import { isAllowedHost } from '@/lib/domain/allowed-host';
import { HttpProblem } from './problem';
import { type IncomingBody, MAX_BODY_BYTES, readBody, tooLarge } from './read-body';

/** A body that is not in after this long is given up. */
const BODY_DEADLINE_MS = 14_000;

/** What guards and parsers look at; a Request of the Fetch API is one. */
export interface IncomingCall {
  url: string;
  headers: Pick<Headers, 'get' | 'has'>;
  body: IncomingBody | null;
}

/** Refuses a Host that is neither loopback nor public, and browsers that ask on behalf of another site. */
export function guardRead({ headers }: Pick<IncomingCall, 'headers'>, publicHosts: readonly string[]): void {
  if (!isAllowedHost(headers.get('host'), publicHosts)) {
    throw new HttpProblem(421, 'wrong-host', 'This server does not answer for that host.');
  }
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw new HttpProblem(403, 'cross-site', 'Only pages of this dashboard may read this.');
  }
}

/**
 * Refuses a POST that another site caused: its Origin must be the request's own Host (`null` is refused); without
 * an Origin it is taken only when no browser sent it. The body must be declared as JSON, which no form can do.
 */
export function guardWrite({ headers }: Pick<IncomingCall, 'headers'>, publicHosts: readonly string[]): void {
  guardOrigin({ headers }, publicHosts);
  const type = headers.get('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new HttpProblem(415, 'not-json', 'The body must be application/json.');
  }
}

/** The part of `guardWrite` that knows nothing of a body: a browser says its Origin with every WebSocket too. */
export function guardOrigin(
  { headers }: Pick<IncomingCall, 'headers'>,
  publicHosts: readonly string[],
): void {
  const host = headers.get('host');
  if (!isAllowedHost(host, publicHosts)) {
    throw new HttpProblem(421, 'wrong-host', 'This server does not answer for that host.');
  }
  const origin = headers.get('origin');
  const isOwnOrigin =
    origin === null ? headers.get('sec-fetch-site') === null : isOriginOf(origin, host ?? '');
  if (!isOwnOrigin) {
    throw new HttpProblem(403, 'foreign-origin', 'Only pages of this dashboard may post here.');
  }
}

function isOriginOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.host === host.toLowerCase().replace(url.protocol === 'https:' ? /:443$/ : /:80$/, '')
  );
}

/** Reads a body as JSON, counting bytes as they come. Throws 413 past the limit, 408 when it stalls, 400 when it is not JSON. */
export async function readJsonBody(
  request: Omit<IncomingCall, 'url'>,
  deadlineMs = BODY_DEADLINE_MS,
): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  if (request.headers.has('content-encoding')) {
    throw new HttpProblem(415, 'encoded-body', 'The body must not be compressed.');
  }
  const { body } = request;
  const text = body === null ? '' : await readBody(body, deadlineMs);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpProblem(400, 'bad-json', 'The body is not valid JSON.');
  }
}
