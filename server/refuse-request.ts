import type { IncomingMessage } from 'node:http';

export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** Characters and sequences that no address of ours contains; they only serve to confuse two URL parsers. */
const SUSPICIOUS_PATH = /\\|\/\/|%2e|%2f|%5c|%00|(?:^|\/)\.\.?(?:\/|$)/i;

/** Why a request is not handed to the application, or `null` when it is. Pure but for reading the request. */
export function refuseRequest(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  isAllowedHost: (hostHeader: string | undefined) => boolean,
  basePath = '',
): Refusal | null {
  if (!isAllowedHost(request.headers.host)) {
    return {
      status: 421,
      code: 'wrong-host',
      message: 'This server does not answer for that host. Add the name to PUBLIC_HOSTS if it should.',
    };
  }
  const target = request.url ?? '/';
  if (!target.startsWith('/')) {
    return { status: 400, code: 'bad-target', message: 'Only origin-form request targets are answered.' };
  }
  const wholePath = target.split('?', 1)[0] ?? '/';
  if (basePath !== '' && wholePath !== basePath && !wholePath.startsWith(`${basePath}/`)) {
    return { status: 404, code: 'not-found', message: `Everything here is below ${basePath}/.` };
  }
  const path = wholePath.slice(basePath.length);
  if (SUSPICIOUS_PATH.test(path)) {
    return { status: 400, code: 'bad-path', message: 'The path is not in its plain form.' };
  }
  if (path.startsWith('/_next/image')) {
    return { status: 404, code: 'not-found', message: 'There is no image service here.' };
  }
  const method = request.method ?? 'GET';
  const isApi = path.startsWith('/api/');
  if (
    request.headers['next-action'] !== undefined ||
    (!isApi && !['GET', 'HEAD', 'OPTIONS'].includes(method))
  ) {
    return { status: 405, code: 'method-not-allowed', message: 'Pages are only read.' };
  }
  return null;
}

const UNTRUSTED_HEADERS =
  /^(?:forwarded|x-forwarded-.*|x-real-ip|x-auth-request-.*|x-remote-.*|x-middleware-.*|x-nextjs-.*|x-original-.*|x-rewrite-.*)$/;

/** Drops headers that a proxy would set and a client may forge; nothing of ours reads them. */
export function dropUntrustedHeaders(request: Pick<IncomingMessage, 'headers'>): void {
  for (const name of Object.keys(request.headers)) {
    if (UNTRUSTED_HEADERS.test(name)) delete request.headers[name];
  }
}
