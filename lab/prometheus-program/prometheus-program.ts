/** A real Prometheus beside the lab: found, configured, started, stopped. */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ScrapeTarget } from '../parts.ts';
import { startTargetServer } from './target-server.ts';

/** `auto` takes a program of at least this release: ranges are open on the left from 3.0 on, as on OpenShift 4.20. */
const OLDEST_MAJOR_FOR_AUTO = 3;
const READY_ATTEMPTS = 100;
const READY_PAUSE_MS = 100;

/** The major release of a program, or null where there is no such program. */
export function majorReleaseOf(program: string): Promise<number | null> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], (error, stdout, stderr) => {
      const match = /version (\d+)\./.exec(stdout + stderr);
      resolve(error !== null || match === null ? null : Number(match[1]));
    });
  });
}

export type PrometheusChoice =
  | { type: 'embedded' }
  | { type: 'program'; path: string }
  | { type: 'wrong'; message: string };

/** What `--prometheus auto|embedded|PATH` comes to on this machine. */
export async function choosePrometheus(wanted: string): Promise<PrometheusChoice> {
  if (wanted === 'embedded') return { type: 'embedded' };
  const path = wanted === 'auto' ? 'prometheus' : wanted;
  const major = await majorReleaseOf(path);
  if (wanted === 'auto')
    return major !== null && major >= OLDEST_MAJOR_FOR_AUTO
      ? { type: 'program', path }
      : { type: 'embedded' };
  return major === null
    ? { type: 'wrong', message: `--prometheus ${wanted}: this is no prometheus program` }
    : { type: 'program', path };
}

export interface ProgramOptions {
  path: string;
  /** Configuration and data go here. */
  folder: string;
  /** 0 picks a free port. */
  port: number;
  scrapeIntervalMs: number;
  targets(): ScrapeTarget[];
  /** Further flags of the program. */
  flags?: readonly string[];
}

export interface PrometheusProgram {
  readonly url: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Jobs, because renaming a metric and honoring labels are a matter of the job: plain names, KServe's prefix, kube-state-metrics. */
export function configurationOf(targetPort: number, scrapeIntervalMs: number): string {
  const job = (name: string, prefix: string): unknown => ({
    job_name: name,
    http_sd_configs: [
      { url: `http://127.0.0.1:${targetPort}/targets?prefix=${prefix}`, refresh_interval: '5s' },
    ],
    ...(prefix === ''
      ? {}
      : {
          metric_relabel_configs: [
            { source_labels: ['__name__'], target_label: '__name__', replacement: `${prefix}$1` },
          ],
        }),
  });
  const configuration = {
    global: {
      scrape_interval: `${Math.round(scrapeIntervalMs)}ms`,
      scrape_timeout: `${Math.min(10_000, Math.round(scrapeIntervalMs))}ms`,
    },
    scrape_configs: [
      job('plain', ''),
      job('kserve', 'kserve_'),
      {
        job_name: 'honored',
        honor_labels: true,
        http_sd_configs: [
          { url: `http://127.0.0.1:${targetPort}/targets?prefix=&honored`, refresh_interval: '5s' },
        ],
      },
    ],
  };
  // JSON is YAML.
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

async function untilReady(url: string, hasEnded: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < READY_ATTEMPTS; attempt += 1) {
    if (hasEnded()) break;
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS));
  }
  throw new Error('prometheus did not start');
}

export async function startPrometheusProgram(options: ProgramOptions): Promise<PrometheusProgram> {
  const { folder } = options;
  const targetServer = await startTargetServer(options.targets);
  const port = options.port === 0 ? await freePort() : options.port;
  const data = join(folder, 'prometheus');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const configuration = join(data, 'prometheus.yml');
  writeFileSync(configuration, configurationOf(targetServer.port, options.scrapeIntervalMs));

  const program = spawn(
    options.path,
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(data, 'data')}`,
      '--storage.tsdb.retention.time=1d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      resolve();
    };
    program.once('exit', end);
    program.once('error', end);
  });
  const stop = async (): Promise<void> => {
    program.kill('SIGTERM');
    await ended;
    await targetServer.stop();
    rmSync(data, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, () => hasEnded);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
