/** Which dashboards run from the built folder of this repository, so that no build takes their files away. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** One file for each, named by its process, with its address inside once that is known. */
const FOLDER = join(ROOT, '.next', 'running');
/** One that has not said its address by then has died before. */
const START_MS = 60_000;
const ANSWER_MS = 2_000;

export function noteRunning(
  pid: number,
  exited: Promise<unknown>,
  url: Promise<string>,
  folder = FOLDER,
): void {
  const file = join(folder, String(pid));
  let hasEnded = false;
  const write = (text: string): void => {
    if (hasEnded) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  };
  write('');
  url.then(write, () => undefined);
  void exited.then(() => {
    hasEnded = true;
    rmSync(file, { force: true });
  });
}

/** Addresses of those that live; what a killed one left behind is removed. */
export async function runningDashboards(folder = FOLDER): Promise<string[]> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const found = await Promise.all(files.map((name) => lookAt(folder, name)));
  return found.filter((url) => url !== null);
}

async function lookAt(folder: string, name: string): Promise<string | null> {
  const file = join(folder, name);
  const url = readFileSync(file, 'utf8');
  const isYoung = Date.now() - statSync(file).mtimeMs < START_MS;
  const lives = isAlive(Number(name)) && (url === '' ? isYoung : await answers(url));
  if (lives) return url === '' ? `one that starts just now (process ${name})` : url;
  rmSync(file, { force: true });
  return null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The number of a process may be another's by now; that it answers there as well is not. Busy is not gone. */
async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' });
    return true;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError';
  }
}
