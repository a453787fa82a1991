import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyAndCertificate } from '../certificates/certificate.ts';
import type { RequestHandler } from './server.ts';

/** An API server's port that can be taken away and brought back. */
export interface ApiListener {
  readonly port: number;
  start(): Promise<void>;
  /** Closes the port and every connection, as a lost API server does. */
  stop(): Promise<void>;
}

export function createApiListener(
  handler: RequestHandler,
  certificate: KeyAndCertificate,
  wantedPort = 0,
): ApiListener {
  let port = wantedPort;
  let close: (() => Promise<void>) | null = null;
  return {
    get port() {
      return port;
    },
    start: async () => {
      if (close !== null) return;
      const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, handler);
      server.requestTimeout = 0;
      server.keepAliveTimeout = 90_000;
      const sockets = new Set<Socket>();
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      port = (server.address() as AddressInfo).port;
      close = () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          for (const socket of sockets) socket.destroy();
        });
    },
    stop: async () => {
      const closing = close;
      close = null;
      await closing?.();
    },
  };
}
