import { spawnSync } from 'node:child_process';

const PROGRAM = 'prometheus';

function isPrometheus(program: string): boolean {
  const { status, stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && /prometheus, version \d/.test(stdout + stderr);
}

function run(command: string, args: readonly string[]): boolean {
  console.log(`  ${command} ${args.join(' ')}`);
  return spawnSync(command, [...args], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** What a run says, and repeats at its end, when it had to go without. */
export const WITHOUT_PROMETHEUS =
  'NOT COMPARED: the lab’s Prometheus with a real one, since none is here. Install it (package "prometheus") or name one with LAB_PROMETHEUS.';

/**
 * A real Prometheus for the comparison of the lab's own with it: LAB_PROMETHEUS, the system's, or the distribution's
 * package (where we may install). `null` where none is to be had; throws on a LAB_PROMETHEUS that is none.
 */
export function findPrometheus(): string | null {
  const configured = process.env.LAB_PROMETHEUS;
  if (configured !== undefined) {
    if (!isPrometheus(configured)) throw new Error(`LAB_PROMETHEUS=${configured} is no Prometheus`);
    return configured;
  }
  if (isPrometheus(PROGRAM)) return PROGRAM;
  if (process.getuid?.() === 0 && run('apt-get', ['--version'])) {
    console.log('No Prometheus found. Trying to get one …');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', PROGRAM]);
    if (isPrometheus(PROGRAM)) return PROGRAM;
  }
  return null;
}
