/** OpenShift's router: Routes by host; passthrough by server name, edge with the cluster's own certificate. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { seedFromText } from '../random.ts';
import { armOfLabels } from '../world/arms.ts';
import type { World } from '../world/world.ts';
import { type Backend, backendsOf } from './backends.ts';
import { readClientHello } from './client-hello.ts';
import type { IngressDisturbance } from './disturbance.ts';
import { proxy } from './proxy.ts';
import { UNAVAILABLE_PAGE } from './unavailable-page.ts';

interface Route extends KubernetesObject {
  spec: {
    host: string;
    to: { name: string };
    tls?: { termination: string; insecureEdgeTerminationPolicy?: string };
  };
  status?: { ingress?: { host: string; conditions?: { type: string; status: string }[] }[] };
}

/** HAProxy's `timeout server` where a Route says nothing. */
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_HELLO_BYTES = 64 * 1024;

function routeFor(world: World, host: string | null): Route | undefined {
  if (host === null) return undefined;
  const name = host.split(':')[0]?.toLowerCase();
  return world.cluster
    .list<Route>('routes.route.openshift.io')
    .find(({ status }) =>
      status?.ingress?.some(
        (ingress) =>
          ingress.host === name &&
          ingress.conditions?.some(({ type, status: state }) => type === 'Admitted' && state === 'True') ===
            true,
      ),
    );
}

/** `30s`, `5m`, `1h`, `250ms`; HAProxy's form. */
function timeoutOf(route: Route): number {
  const match = /^(\d+)(us|ms|s|m|h|d)$/.exec(
    route.metadata.annotations?.['haproxy.router.openshift.io/timeout'] ?? '',
  );
  if (match === null) return DEFAULT_TIMEOUT_MS;
  const factors: Record<string, number> = {
    us: 0.001,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  return Number(match[1]) * (factors[match[2] ?? 's'] ?? 1000);
}

function backendsOfRoute(world: World, route: Route): Backend[] {
  return backendsOf(world, route.metadata.namespace ?? '', route.spec.to.name);
}

/** The router is told that no server stands behind this Route. */
function isEmptied(
  world: World,
  { metadata, spec }: Route,
  { emptyArms }: Readonly<IngressDisturbance>,
): boolean {
  if (emptyArms.size === 0) return false;
  const service = world.cluster.get('services', metadata.namespace, spec.to.name);
  return emptyArms.has(armOfLabels(service?.metadata.labels));
}

/** `balance source`: the same client address always meets the same pod. */
function bySource(backends: Backend[], address: string): Backend | undefined {
  const ordered = backends.toSorted((a, b) => a.podName.localeCompare(b.podName));
  return ordered[seedFromText(address) % Math.max(1, ordered.length)];
}

function sendUnavailable(response: ServerResponse): void {
  response.sendDate = false;
  response.writeHead(503, {
    Pragma: 'no-cache',
    'Cache-Control': 'private, max-age=0, no-cache, no-store',
    Connection: 'close',
    'Content-Type': 'text/html',
  });
  response.end(UNAVAILABLE_PAGE);
}

function sendTimeout(response: ServerResponse): void {
  response.sendDate = false;
  response.writeHead(504, { 'Cache-Control': 'no-cache', Connection: 'close', 'Content-Type': 'text/html' });
  response.end(
    "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
  );
}

/** Requests that the router has decrypted, or that came in plain text. */
export function createRouterHandler(
  world: World,
  isEncrypted: boolean,
  disturbance: Readonly<IngressDisturbance>,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const route = routeFor(world, request.headers.host ?? null);
    const policy = route?.spec.tls?.insecureEdgeTerminationPolicy;
    if (
      route === undefined ||
      isEmptied(world, route, disturbance) ||
      (!isEncrypted && route.spec.tls !== undefined && policy === undefined)
    ) {
      sendUnavailable(response);
      return;
    }
    if (!isEncrypted && policy === 'Redirect') {
      response.sendDate = false;
      response.writeHead(302, {
        Location: `https://${route.spec.host}${request.url ?? '/'}`,
        'Cache-Control': 'no-cache',
        'Content-Length': 0,
      });
      response.end();
      return;
    }
    const backend = bySource(backendsOfRoute(world, route), request.socket.remoteAddress ?? '');
    if (backend === undefined) {
      sendUnavailable(response);
      return;
    }
    proxy(request, response, backend, {
      path: request.url ?? '/',
      idleTimeoutMs: timeoutOf(route),
      onIdle: sendTimeout,
      onUnreachable: sendUnavailable,
    });
  };
}

/** The TLS port: looks at the server name and either passes the bytes on or hands the connection to the edge. */
export function createTlsFrontend(
  world: World,
  edge: HttpsServer,
  disturbance: Readonly<IngressDisturbance>,
): Server {
  const passThrough = (client: Socket, route: Route, received: Buffer): void => {
    const backend = bySource(backendsOfRoute(world, route), client.remoteAddress ?? '');
    if (backend === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect(backend.hostPort, '127.0.0.1');
    upstream.setNoDelay(true);
    client.setNoDelay(true);
    upstream.write(received);
    upstream.pipe(client);
    client.pipe(upstream);
    const closeBoth = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.on('error', closeBoth);
      socket.on('close', closeBoth);
    }
  };

  return createServer((client) => {
    let received = Buffer.alloc(0);
    const onError = (): void => {
      client.destroy();
    };
    client.on('error', onError);
    const onData = (piece: Buffer): void => {
      received = Buffer.concat([received, piece]);
      const hello = readClientHello(received);
      if (hello.state === 'incomplete' && received.length < MAX_HELLO_BYTES) return;
      client.off('data', onData);
      client.pause();
      if (hello.state !== 'complete') {
        client.destroy();
        return;
      }
      const route = routeFor(world, hello.serverName);
      if (route?.spec.tls?.termination === 'passthrough' && !isEmptied(world, route, disturbance)) {
        passThrough(client, route, received);
        return;
      }
      client.unshift(received);
      edge.emit('connection', client);
    };
    client.on('data', onData);
  });
}
