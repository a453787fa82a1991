/** Offers the lab's scrape targets to a real Prometheus: a list for its HTTP service discovery, and a page for each target. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScrapeTarget } from '../parts.ts';

export interface TargetServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Stable while the target lives: its labels name it. */
function identityOf({ labels, metricNamePrefix }: ScrapeTarget): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return Buffer.from([metricNamePrefix, ...parts.sort()].join('\n')).toString('base64url');
}

export async function startTargetServer(targets: () => ScrapeTarget[]): Promise<TargetServer> {
  const list = (prefix: string, isHonored: boolean, port: number): unknown =>
    targets()
      .filter(
        ({ metricNamePrefix, honorsLabels = false }) =>
          metricNamePrefix === prefix && honorsLabels === isHonored,
      )
      .map((target) => ({
        targets: [`127.0.0.1:${port}`],
        labels: { ...target.labels, __metrics_path__: `/page/${identityOf(target)}` },
      }));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://lab');
    const [, door, identity] = url.pathname.split('/');
    if (door === 'targets') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const { searchParams } = url;
      const isHonored = searchParams.has('honored');
      response.end(
        JSON.stringify(list(searchParams.get('prefix') ?? '', isHonored, request.socket.localPort ?? 0)),
      );
      return;
    }
    const target = targets().find((candidate) => identityOf(candidate) === identity);
    if (door !== 'page' || target === undefined) {
      response.writeHead(404);
      response.end();
      return;
    }
    const page = await target.fetchPage();
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(page);
  };

  const server = createServer((request, response) => {
    // A target that refuses is a connection that breaks, so that `up` becomes 0.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
