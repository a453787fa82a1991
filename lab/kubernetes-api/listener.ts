import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyAndCertificate } from '../certificates/certificate.ts';
import type { RequestHandler } from './server.ts';

/** An API server's port that can be taken away and brought back. */
export interface ApiListener {
  readonly port: number;
  start(): Promise<void>;
  /** Closes the port and every connection, as a lost API server does. */
  stop(): Promise<void>;
  /** Connections stay open or are taken, and no answer or event comes through. */
  stall(): void;
  resume(): void;
  /** Shows another certificate from the next connection on, and ends the present ones. */
  setCertificate(certificate: KeyAndCertificate): void;
}

export function createApiListener(
  handler: RequestHandler,
  certificate: KeyAndCertificate,
  wantedPort = 0,
): ApiListener {
  let port = wantedPort;
  let shown = certificate;
  let isStalled = false;
  let server: Server | null = null;
  const sockets = new Set<Socket>();
  let close: (() => Promise<void>) | null = null;
  const open = new Set<ServerResponse>();
  let held: (() => void)[] = [];
  const answer: RequestHandler = (request, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    if (isStalled) held.push(() => handler(request, response));
    else handler(request, response);
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    get port() {
      return port;
    },
    start: async () => {
      if (close !== null) return;
      const starting = createServer({ key: shown.keyPem, cert: shown.certificatePem }, answer);
      starting.requestTimeout = 0;
      starting.keepAliveTimeout = 90_000;
      starting.on('secureConnection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      await new Promise<void>((resolve, reject) => {
        starting.once('error', reject);
        starting.listen(port, '127.0.0.1', resolve);
      });
      port = (starting.address() as AddressInfo).port;
      server = starting;
      close = () =>
        new Promise((resolve) => {
          server = null;
          starting.close(() => resolve());
          cut();
        });
    },
    stop: async () => {
      const closing = close;
      close = null;
      await closing?.();
    },
    stall: () => {
      if (isStalled) return;
      isStalled = true;
      for (const response of open) response.cork();
    },
    resume: () => {
      isStalled = false;
      for (const response of open) response.uncork();
      const waiting = held;
      held = [];
      for (const goOn of waiting) goOn();
    },
    setCertificate: (next) => {
      shown = next;
      server?.setSecureContext({ key: next.keyPem, cert: next.certificatePem });
      cut();
    },
  };
}
