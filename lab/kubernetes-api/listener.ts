import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createPort, type Server as Port, type Socket } from 'node:net';
import type { KeyAndCertificate } from '../certificates/certificate.ts';
import type { RequestHandler } from './server.ts';

/** An API server's port that can be taken away and brought back. */
export interface ApiListener {
  readonly port: number;
  start(): Promise<void>;
  /** Closes the port and every connection, as a lost API server does. */
  stop(): Promise<void>;
  /** Connections stay open, new ones are taken and hear nothing, not even of TLS; no answer or event comes through. */
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
  /** Connections taken during a stall, before anybody has spoken. */
  const silent = new Set<Socket>();
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
      // The port is apart from the server, so that a stall can keep connections from it.
      const entry: Port = createPort({ pauseOnConnect: true }, (socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          silent.delete(socket);
        });
        if (isStalled) silent.add(socket);
        else starting.emit('connection', socket);
      });
      await new Promise<void>((resolve, reject) => {
        entry.once('error', reject);
        entry.listen(port, '127.0.0.1', resolve);
      });
      port = (entry.address() as AddressInfo).port;
      server = starting;
      close = () =>
        new Promise((resolve) => {
          server = null;
          entry.close(() => resolve());
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
      for (const socket of silent) server?.emit('connection', socket);
      silent.clear();
    },
    setCertificate: (next) => {
      shown = next;
      server?.setSecureContext({ key: next.keyPem, cert: next.certificatePem });
      cut();
    },
  };
}
