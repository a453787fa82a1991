/** The metrics side on its ports: the full query API, and the same under the tenancy rules. */
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmbeddedPrometheus, PrometheusOptions } from './parts.ts';
import { createPrometheus } from './prometheus-api/prometheus.ts';
import { type TenancyOptions, tenancy } from './prometheus-api/tenancy.ts';
import { startPrometheusProgram } from './prometheus-program/prometheus-program.ts';

export interface MetricsServers {
  readonly url: string;
  readonly tenancyUrl: string;
  /** Null where a real program does the work. */
  readonly embedded: EmbeddedPrometheus | null;
  stop(): Promise<void>;
}

interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

async function serve(handle: RequestListener, port: number): Promise<Served> {
  const server = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Passes a GET on to a program that listens elsewhere. */
function passTo(url: string): RequestListener {
  return (request, response) => {
    httpRequest(url + request.url)
      .on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
        answer.pipe(response);
      })
      .on('error', () => response.destroy())
      .end();
  };
}

export async function startMetrics(
  options: PrometheusOptions & TenancyOptions,
  ports: { prometheus: number; tenancy: number },
  program: { path: string; folder: string } | undefined,
): Promise<MetricsServers> {
  const guarded = (handle: RequestListener): Promise<Served> =>
    serve(tenancy(handle, { canRead: options.canRead }), ports.tenancy);
  if (program === undefined) {
    const embedded = createPrometheus(options);
    const open = await serve(embedded.handle, ports.prometheus);
    const tenants = await guarded(embedded.handle);
    return {
      url: open.url,
      tenancyUrl: tenants.url,
      embedded,
      stop: async () => {
        embedded.stop();
        await Promise.all([open.stop(), tenants.stop()]);
      },
    };
  }
  const { scrapeIntervalMs, targets } = options;
  const started = await startPrometheusProgram({
    ...program,
    port: ports.prometheus,
    scrapeIntervalMs,
    targets,
  });
  const tenants = await guarded(passTo(started.url));
  return {
    url: started.url,
    tenancyUrl: tenants.url,
    embedded: null,
    stop: async () => {
      await Promise.all([started.stop(), tenants.stop()]);
    },
  };
}
