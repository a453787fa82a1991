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

/**
 * A real Prometheus for the comparison of the lab's own with it: LAB_PROMETHEUS, the system's, or the distribution's
 * package (where we may install). Throws with words otherwise, or answers null where ALLOW_NO_PROMETHEUS=1 allows that.
 */
export function findPrometheus(): string | null {
  const configured = process.env.LAB_PROMETHEUS;
  if (configured !== undefined) {
    if (!isPrometheus(configured)) throw new Error(`LAB_PROMETHEUS=${configured} is no Prometheus`);
    return configured;
  }
  if (isPrometheus(PROGRAM)) return PROGRAM;
  if (process.env.ALLOW_NO_PROMETHEUS === '1') {
    console.log('No Prometheus found: the comparison of the lab’s own with a real one is skipped.');
    return null;
  }
  if (process.getuid?.() === 0 && run('apt-get', ['--version'])) {
    console.log('No Prometheus found. Trying to get one …');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', PROGRAM]);
    if (isPrometheus(PROGRAM)) return PROGRAM;
  }
  throw new Error(
    'The tests compare the lab’s Prometheus with a real one. Install it (package "prometheus"), name one with LAB_PROMETHEUS, or go without: ALLOW_NO_PROMETHEUS=1.',
  );
}
