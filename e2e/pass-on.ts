import { type IncomingMessage, request, type ServerResponse } from 'node:http';

/** Hands a request on as it is and its answer back, as a router does; whoever leaves, the other side knows. */
export function passOn(incoming: IncomingMessage, outgoing: ServerResponse, to: URL): void {
  const { method, url, headers } = incoming;
  const onward = request({ hostname: to.hostname, port: to.port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
