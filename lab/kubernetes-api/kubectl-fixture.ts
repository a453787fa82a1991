/** The kubectl on the PATH, for tests that let a real one talk to the lab. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';

const OLDEST_MINOR = 32;

/** Whether there is a kubectl that is new enough. */
export function hasKubectl(): boolean {
  try {
    const version = JSON.parse(
      execFileSync('kubectl', ['version', '--client', '-o', 'json'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    );
    return Number.parseInt(version.clientVersion.minor, 10) >= OLDEST_MINOR;
  } catch {
    return false;
  }
}

export interface Outcome {
  code: number;
  out: string;
  error: string;
}

export interface Shell {
  /** A folder for manifests, and the home of kubectl. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Runs a line as a person would type it. */
  run(line: string): Promise<Outcome>;
  remove(): void;
}

export function openShell(lab: Lab): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'lab-kubectl-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, lab.kubeconfig);
  const environment = { ...process.env, HOME: folder, KUBECONFIG: kubeconfig };
  return {
    folder,
    environment,
    run: (line) =>
      new Promise((resolve) => {
        execFile('/bin/sh', ['-c', line], { env: environment, timeout: 60_000 }, (failure, out, error) =>
          resolve({
            code: failure === null ? 0 : typeof failure.code === 'number' ? failure.code : 1,
            out,
            error,
          }),
        );
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
