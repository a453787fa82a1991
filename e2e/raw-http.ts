import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface RawRequest {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request byte by byte as given, with headers that no well-behaved client would send. */
export function rawRequest(baseUrl: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(baseUrl);
  const headers: Record<string, string> = {
    Host: host,
    Connection: 'close',
    ...(request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) }),
    ...request.headers,
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = [`${request.method ?? 'GET'} ${request.path} HTTP/1.1`, ...head, '', request.body ?? ''].join(
    '\r\n',
  );
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString();
      const split = answer.indexOf('\r\n\r\n');
      const [statusLine = '', ...lines] = answer.slice(0, split).split('\r\n');
      resolve({
        status: Number(statusLine.split(' ')[1] ?? '0'),
        headers: Object.fromEntries(
          lines.map((line) => {
            const colon = line.indexOf(':');
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
          }),
        ),
        body: answer.slice(split + 4),
      });
    });
  });
}
