import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checklistSchema } from '@/lib/contracts/checklist';
import { placementSchema } from '@/lib/contracts/placement';
import { statusSchema } from '@/lib/contracts/status';
import type { Checklist } from '@/lib/domain/checklist';
import type { Placement } from '@/lib/domain/placement';
import type { Status } from '@/lib/domain/status';
import { type StartedChild, startChild } from '../scripts/child';
import { type StartedDashboard, startDashboard, waitUntilReady } from '../scripts/dashboard';
import { readLabEnvironment } from '../scripts/lab-environment';
import { BINARIES, ROOT } from '../scripts/paths';

/** Planted where the dashboard reads secrets; must never come out. */
const MODEL_KEY = 'canary-model-key-7f3a91';
const CONTROL_TOKEN = 'canary-control-token-51c0';

/** A lab and the built dashboard, as `npm run demo` starts them, with handles for tests. */
export interface Stage {
  url: string;
  /** The dashboard's process. */
  pid: number;
  /** Where the lab wrote its files. */
  labFolder: string;
  /** Secrets of this stage: none may appear in any answer. */
  canaries: readonly string[];
  /** Every address the server process connected to or looked up so far, whatever code did it. */
  connections(): string[];
  /** Runs a documented command of the lab: `npm run lab -- …`. */
  lab(...command: string[]): string;
  status(): Promise<Status>;
  checklist(): Promise<Checklist>;
  placement(): Promise<Placement>;
  /** The text of /api/events up to its n-th event. */
  readEvents(count: number): Promise<string>;
  /** Ends the lab's process; the dashboard keeps running. */
  stopLab(): Promise<void>;
  /** Starts it again on the same ports. */
  startLab(): Promise<void>;
  /** The dashboard's output so far. */
  log(): string;
  close(): Promise<void>;
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** Ports that a lab took, so that it can come back on them. */
function portArguments(env: Record<string, string>, kubeconfig: string): string[] {
  const kubernetes = /https:\/\/127\.0\.0\.1:(\d+)/.exec(kubeconfig)?.[1];
  const https = /443=127\.0\.0\.1:(\d+)/.exec(env.INGRESS_CONNECT_TO ?? '')?.[1];
  const http = /80=127\.0\.0\.1:(\d+)/.exec(env.INGRESS_CONNECT_TO ?? '')?.[1];
  const prometheus = /:(\d+)$/.exec(env.PROMETHEUS_URL ?? '')?.[1];
  if (kubernetes === undefined || https === undefined || http === undefined || prometheus === undefined) {
    throw new Error('the lab did not say which ports it took');
  }
  return [
    '--port-kubernetes',
    kubernetes,
    '--port-https',
    https,
    '--port-http',
    http,
    '--port-prometheus',
    prometheus,
  ];
}

export interface StageOptions {
  labArguments?: readonly string[];
  /** Beside the lab’s own; a function is told where the lab wrote its files. */
  env?: Record<string, string> | ((labFolder: string) => Record<string, string>);
  /** Another build than this repository's own. */
  dashboardFolder?: string;
  /** A control token is configured, so that changing routes ask for it. */
  asksForControlToken?: boolean;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-e2e-'));
  const labFolder = join(folder, 'lab');
  const connectionLog = join(folder, 'connections');
  const controlTokenFile = join(folder, 'control-token');
  writeFileSync(connectionLog, '');
  writeFileSync(controlTokenFile, CONTROL_TOKEN);
  const node = join(BINARIES, 'node');
  const labCli = join(ROOT, 'lab', 'cli.ts');
  const output: string[] = [];
  const labArguments = [
    '--end-with-parent',
    '--folder',
    labFolder,
    ...(options.labArguments ?? ['--users', 'baseline=1,distributed=1']),
  ];
  const runLab = async (extra: readonly string[]): Promise<StartedChild> => {
    const child = startChild(node, [labCli, ...labArguments, ...extra], {
      cwd: ROOT,
      onLine: (line) => output.push(`[lab] ${line}`),
    });
    await child.line(/^ready$/);
    return child;
  };

  let lab: StartedChild = await runLab([]);
  const labEnv = readLabEnvironment(join(labFolder, 'env'));
  const kubeconfig = readFileSync(join(labFolder, 'kubeconfig'), 'utf8');
  const ports = portArguments(labEnv, kubeconfig);
  const tokens = [...kubeconfig.matchAll(/"token":\s*"([^"]+)"/g)].flatMap((match) => match[1] ?? []);

  const dashboard: StartedDashboard = startDashboard({
    port: 0,
    kind: 'built',
    ...(options.dashboardFolder === undefined ? {} : { folder: options.dashboardFolder }),
    env: {
      PATH: process.env.PATH,
      ...labEnv,
      BASELINE_API_KEY: MODEL_KEY,
      DISTRIBUTED_API_KEY: MODEL_KEY,
      ...(options.asksForControlToken === true ? { CONTROL_TOKEN_FILE: controlTokenFile } : {}),
      CONNECTION_LOG: connectionLog,
      NODE_OPTIONS: `--import=${join(ROOT, 'e2e', 'record-connections.mjs')}`,
      ...(typeof options.env === 'function' ? options.env(labFolder) : options.env),
    },
    onLine: (line, stream) => output.push(`[${stream}] ${line}`),
  });
  const url = await dashboard.url;
  await waitUntilReady(url);

  const { pid } = dashboard.process;
  if (pid === undefined) throw new Error('the dashboard has no process');

  return {
    url,
    pid,
    labFolder,
    canaries: [MODEL_KEY, CONTROL_TOKEN, ...tokens],
    connections: () => [
      ...new Set(
        readFileSync(connectionLog, 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      ),
    ],
    lab: (...command) => {
      const result = spawnSync(node, [labCli, ...command, '--folder', labFolder], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      if (result.status !== 0) throw new Error(`lab ${command.join(' ')}: ${result.stderr}`);
      return result.stdout;
    },
    status: async () => statusSchema.parse(await getJson(`${url}/api/status`)),
    checklist: async () => checklistSchema.parse(await getJson(`${url}/api/checklist`)),
    placement: async () => placementSchema.parse(await getJson(`${url}/api/placement`)),
    readEvents: async (count) => {
      const response = await fetch(`${url}/api/events`);
      if (response.body === null) throw new Error('no body');
      let text = '';
      const decoder = new TextDecoder();
      for await (const bytes of response.body) {
        text += decoder.decode(bytes, { stream: true });
        if (text.split('\n\n').length > count) break;
      }
      return text;
    },
    stopLab: () => lab.stop(),
    startLab: async () => {
      lab = await runLab(ports);
    },
    log: () => output.join('\n'),
    close: async () => {
      await dashboard.stop();
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
