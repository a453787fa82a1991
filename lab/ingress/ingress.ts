/** The two doors of the cluster: one port for TLS, one for plain HTTP. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { KeyAndCertificate } from '../certificates/certificate.ts';
import type { Clock } from '../clock.ts';
import type { EndpointPicker, EndpointPickerOptions } from '../parts.ts';
import type { World } from '../world/world.ts';
import { type IngressDisturbance, undisturbed } from './disturbance.ts';
import { createGatewayHandler, gatewayFor } from './gateway.ts';
import { createRouterHandler, createTlsFrontend } from './router.ts';

export interface IngressOptions {
  world: World;
  clock: Clock;
  /** The certificate of `*.apps.<domain>` at the router's edge. */
  certificate: KeyAndCertificate;
  createPicker: (options: EndpointPickerOptions) => EndpointPicker;
  disturbance?: Readonly<IngressDisturbance>;
  /** Whether the bearer of a token may use a service where the Gateway asks for one; nobody if absent. */
  authorize?: (token: string | null, namespace: string, service: string) => number;
  httpsPort?: number;
  httpPort?: number;
}

export interface Ingress {
  readonly httpsPort: number;
  readonly httpPort: number;
  picker(namespace: string, pool: string): EndpointPicker;
  stop(): Promise<void>;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const { world, clock, certificate } = options;
  const disturbance = options.disturbance ?? undisturbed();
  const gateway = createGatewayHandler({
    world,
    clock,
    createPicker: options.createPicker,
    authorize: options.authorize ?? (() => 401),
  });
  const encrypted = createRouterHandler(world, true, disturbance);
  const plain = createRouterHandler(world, false, disturbance);

  const edge = createHttpsServer(
    { key: certificate.keyPem, cert: certificate.certificatePem },
    (request: IncomingMessage, response: ServerResponse) => {
      response.removeHeader('Connection');
      encrypted(request, response);
    },
  );
  const tls = createTlsFrontend(world, edge, disturbance);
  const http = createHttpServer((request: IncomingMessage, response: ServerResponse) => {
    response.removeHeader('Connection');
    const addressed = gatewayFor(world, request.headers.host);
    if (addressed === undefined) plain(request, response);
    else if (disturbance.isGatewayFailing) {
      response.writeHead(500, { server: 'istio-envoy', 'content-length': 0 });
      response.end();
    } else gateway.handle(request, response, addressed);
  });
  // Neither HAProxy nor Envoy writes a Keep-Alive header, which Node does for a timeout above zero.
  edge.keepAliveTimeout = 0;
  http.keepAliveTimeout = 0;
  const sockets = new Set<Socket>();
  for (const server of [tls, http]) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
  }
  const httpsPort = await listen(tls, options.httpsPort ?? 0);
  const httpPort = await listen(http, options.httpPort ?? 0);
  return {
    httpsPort,
    httpPort,
    picker: gateway.picker,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        [tls, http].map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
      );
    },
  };
}
