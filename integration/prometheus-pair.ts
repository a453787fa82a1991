import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualClock } from '../lab/clock';
import { writeAll } from '../lab/prometheus-api/comparison/remote-write';
import { HttpApi } from '../lab/prometheus-api/http-api';
import type { SeriesStore } from '../lab/prometheus-api/series-store';
import { majorReleaseOf, startPrometheusProgram } from '../lab/prometheus-program/prometheus-program';

export const PROGRAM = process.env.LAB_PROMETHEUS ?? 'prometheus';
/** Major release of the real one, null where there is none. */
export const REAL_MAJOR = await majorReleaseOf(PROGRAM);

/** For these tests: a real Prometheus and the embedded one, over the same samples. */
export interface PrometheusPair {
  realUrl: string;
  embeddedUrl: string;
  close(): Promise<void>;
}

export async function startPair(store: SeriesStore): Promise<PrometheusPair> {
  const folder = mkdtempSync(join(tmpdir(), 'compare-pair-'));
  const real = await startPrometheusProgram({
    path: PROGRAM,
    folder,
    port: 0,
    scrapeIntervalMs: 60_000,
    targets: () => [],
    flags: ['--web.enable-remote-write-receiver'],
  });
  await writeAll(store, real.url);
  const api = new HttpApi({
    clock: virtualClock(),
    store,
    metadata: () => new Map(),
    targets: () => [],
  });
  const embedded = createServer((request, response) => api.handle(request, response));
  await new Promise<void>((resolve) => embedded.listen(0, '127.0.0.1', resolve));
  const { port } = embedded.address() as AddressInfo;
  return {
    realUrl: real.url,
    embeddedUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      embedded.closeAllConnections();
      await new Promise((resolve) => embedded.close(resolve));
      await real.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
