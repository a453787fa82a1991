/** For tests: the embedded server and a real one over the same samples. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualClock } from '../../clock.ts';
import {
  majorReleaseOf,
  type PrometheusProgram,
  startPrometheusProgram,
} from '../../prometheus-program/prometheus-program.ts';
import { HttpApi } from '../http-api.ts';
import type { SeriesStore } from '../series-store.ts';
import { type Answer, parseAnswer } from './compare-answers.ts';
import { writeAll } from './remote-write.ts';

const program = process.env.LAB_PROMETHEUS ?? 'prometheus';
/** Major release of the real one, null where there is none. */
export const REAL_MAJOR = await majorReleaseOf(program);
/** For titles. */
export const WHY_SKIPPED =
  REAL_MAJOR === null
    ? ' — skipped: no prometheus here (apt-get install prometheus, or LAB_PROMETHEUS=PATH)'
    : '';

/** Both servers over the same samples. */
export class Pair {
  private readonly real: PrometheusProgram;
  private readonly ours: Server;
  private readonly folder: string;

  private constructor(real: PrometheusProgram, ours: Server, folder: string) {
    this.real = real;
    this.ours = ours;
    this.folder = folder;
  }

  static async over(store: SeriesStore): Promise<Pair> {
    const folder = mkdtempSync(join(tmpdir(), 'lab-comparison-'));
    const real = await startPrometheusProgram({
      path: program,
      folder,
      port: 0,
      scrapeIntervalMs: 60_000,
      targets: () => [],
      flags: ['--web.enable-remote-write-receiver'],
    });
    try {
      await writeAll(store, real.url);
    } catch (failure) {
      await real.stop();
      throw failure;
    }
    const api = new HttpApi({
      clock: virtualClock(),
      store,
      metadata: () => new Map(),
      targets: () => [],
    });
    const ours = createServer((request, response) => api.handle(request, response));
    await new Promise<void>((resolve) => ours.listen(0, '127.0.0.1', resolve));
    return new Pair(real, ours, folder);
  }

  async answers(path: string, parameters: Record<string, string>): Promise<[real: Answer, ours: Answer]> {
    const { port } = this.ours.address() as AddressInfo;
    return Promise.all([
      ask(this.real.url, path, parameters),
      ask(`http://127.0.0.1:${port}`, path, parameters),
    ]);
  }

  async close(): Promise<void> {
    this.ours.closeAllConnections();
    await new Promise((resolve) => this.ours.close(resolve));
    await this.real.stop();
    rmSync(this.folder, { recursive: true });
  }
}

async function ask(url: string, path: string, parameters: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams(parameters);
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body });
  return parseAnswer(await response.json());
}
