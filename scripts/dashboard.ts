import { hostname } from 'node:os';
import { join } from 'node:path';
import { withAbsolutePaths } from './absolute-paths.ts';
import { type StartedChild, startChild } from './child.ts';
import { BINARIES, ROOT, STANDALONE } from './paths.ts';
import { noteRunning } from './running-dashboards.ts';

export interface DashboardOptions {
  /** Without it, what the environment or the file of DEMO_CONFIG says. */
  port?: number;
  /** The lab's variables, or the caller's own environment for a real cluster. */
  env: Readonly<Record<string, string | undefined>>;
  /** `built` runs the standalone folder, `development` the development server. */
  kind: 'built' | 'development';
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Where the built folder lies; tests start a copy of it elsewhere. */
  folder?: string;
}

export interface StartedDashboard extends StartedChild {
  /** `http://127.0.0.1:<port>`, known once the server listens. */
  url: Promise<string>;
}

/** As in the Containerfile: with room for short-lived objects there are fewer collections while many answers stream (docs/decisions/0225). */
export const NODE_ARGUMENTS = ['--max-semi-space-size=32'];

/** Starts the dashboard on loopback. */
export function startDashboard(options: DashboardOptions): StartedDashboard {
  const isBuilt = options.kind === 'built';
  const folder = options.folder ?? (isBuilt ? STANDALONE : ROOT);
  const entry = isBuilt ? join(folder, 'server.js') : join(ROOT, 'server', 'main.ts');
  const child = startChild(join(BINARIES, 'node'), [...NODE_ARGUMENTS, entry], {
    cwd: folder,
    env: {
      ...withAbsolutePaths(options.env, process.env.INIT_CWD ?? process.cwd()),
      // Container engines and some shells set it to the machine's own name: nobody chose to listen there.
      ...(options.env.HOSTNAME === hostname() ? { HOSTNAME: undefined } : {}),
      ...(options.port === undefined ? {} : { PORT: String(options.port) }),
      NODE_ENV: isBuilt ? 'production' : 'development',
      NEXT_MANUAL_SIG_HANDLE: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  const url = child.line(/^Dashboard: (http:\S+)$/).then((match) => match[1] ?? '');
  if (folder === STANDALONE && child.process.pid !== undefined)
    noteRunning(child.process.pid, child.exited, url);
  // A failed start is reported by whoever awaits the URL; nobody may be listening yet.
  url.catch(() => undefined);
  return { ...child, url };
}

/** Polls until GET /api/ready answers 200. */
export async function waitUntilReady(url: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const response = await fetch(`${url}/api/ready`).catch(() => null);
    if (response?.status === 200) return;
    if (Date.now() > deadline) throw new Error(`${url}/api/ready did not answer 200 within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
