/**
 * The shape of the container, without its base images: the Containerfile's own paths, and the standalone folder
 * alone under an arbitrary user with a read-only root.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { NODE_ARGUMENTS } from '../scripts/dashboard';
import { BINARIES, ROOT, STANDALONE } from '../scripts/paths';
import { hashSources } from '../scripts/source-hash';
import { rawRequest } from './raw-http';

/** Where OpenShift's user ids begin for a namespace; the group is always 0. */
const ARBITRARY_USER = 1_000_660_000;
/** Directories that the Deployment makes writable (gitops/dashboard/base/deployment.yaml). */
const WRITABLE = ['/tmp'];

interface Copy {
  from: string | null;
  sources: string[];
  target: string;
}

function copiesOf(containerfile: string): Copy[] {
  return containerfile
    .split('\n')
    .filter((line) => line.startsWith('COPY '))
    .map((line) => {
      const words = line.split(/\s+/).slice(1);
      const flags = words.filter((word) => word.startsWith('--'));
      const paths = words.filter((word) => !word.startsWith('--'));
      return {
        from: flags.map((flag) => /^--from=(.+)$/.exec(flag)?.[1]).find((name) => name !== undefined) ?? null,
        sources: paths.slice(0, -1),
        target: paths.at(-1) ?? '',
      };
    });
}

const CONTAINERFILE = readFileSync(join(ROOT, 'Containerfile'), 'utf8');
const COPIES = copiesOf(CONTAINERFILE);

test('the build stage gets every source of the build, and the ignore file lets them through', () => {
  const sources = COPIES.filter(({ from }) => from === null).flatMap((copy) => copy.sources);
  const admitted = readFileSync(join(ROOT, '.containerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect(admitted.sort()).toEqual([...sources].sort());

  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-context-'));
  try {
    for (const source of sources) {
      cpSync(join(ROOT, source), join(folder, source), {
        recursive: true,
        filter: (path) => !/\.test\.tsx?$/.test(path),
      });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    // The same hash over the copied sources: nothing that the build reads was left out.
    const script = "import('./scripts/source-hash.ts').then(({ hashSources }) => console.log(hashSources()))";
    const result = spawnSync(join(BINARIES, 'node'), ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(result.stderr).toBe('');
    expect(result.stdout.trim()).toBe(hashSources());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the run stage copies only what the build writes, and starts what is there', () => {
  const fromBuild = COPIES.filter(({ from }) => from === 'build');
  expect(fromBuild).toEqual([{ from: 'build', sources: ['/build/.next/standalone'], target: './' }]);
  expect(CONTAINERFILE).toContain('WORKDIR /build\n');
  expect(join(ROOT, '.next', 'standalone')).toBe(STANDALONE);
  const entryPoint = /^ENTRYPOINT (\[.+\])$/m.exec(CONTAINERFILE)?.[1] ?? 'null';
  expect(JSON.parse(entryPoint)).toEqual(['node', ...NODE_ARGUMENTS, 'server.js']);
  expect(existsSync(join(STANDALONE, 'server.js'))).toBe(true);
  // The base image puts this folder first on the PATH.
  expect(existsSync(join(STANDALONE, 'node_modules', '.bin'))).toBe(false);
});

test('images are pinned by digest, the user is not root, and nothing secret is baked in', () => {
  const images = CONTAINERFILE.split('\n').filter((line) => line.startsWith('FROM '));
  expect(images).toEqual([
    expect.stringMatching(/^FROM \$\{BUILD_IMAGE\}@\$\{BUILD_DIGEST\} AS build$/),
    expect.stringMatching(/^FROM \$\{RUN_IMAGE\}@\$\{RUN_DIGEST\}$/),
  ]);
  expect(
    CONTAINERFILE.trimEnd()
      .split('\n')
      .findLast((line) => line.startsWith('USER ')),
  ).toBe('USER 1001');
  expect(CONTAINERFILE).not.toMatch(/TOKEN|SECRET|PASSWORD|API_KEY/i);
});

test('the standalone folder holds no source of ours but the server, no lab, no test, and nothing that is not readable by all', () => {
  const top = readdirSync(STANDALONE).sort();
  expect(top).toEqual(
    ['.next', '.source-hash', 'node_modules', 'package.json', 'public', 'server', 'server.js'].sort(),
  );
  const ours = readdirSync(STANDALONE, { recursive: true, encoding: 'utf8' });
  expect(
    ours.filter((path) => !path.startsWith('node_modules') && /\.test\.|kubeconfig|\.env/.test(path)),
  ).toEqual([]);
  const unreadable = ours.filter((path) => {
    const { mode } = statSync(join(STANDALONE, path));
    return (mode & 0o004) === 0;
  });
  expect(unreadable).toEqual([]);
});

function hasBubblewrap(): boolean {
  const works = (): boolean =>
    spawnSync('bwrap', ['--ro-bind', '/', '/', '--unshare-all', 'true'], { stdio: 'ignore' }).status === 0;
  if (works()) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'bubblewrap'], {
    stdio: 'ignore',
  });
  return works();
}

interface Sandbox {
  url: string;
  /** The dashboard's process, seen from outside; inside it is process 1. */
  pid: number;
  output: string[];
  exited: Promise<number | null>;
}

/** Starts a copy of the standalone folder as the container would: alone, read-only, an arbitrary user, process 1. */
async function startSandbox(folder: string): Promise<Sandbox> {
  const app = join(folder, 'src');
  // Links stay relative: the container has nothing outside this folder.
  cpSync(STANDALONE, app, { recursive: true, verbatimSymlinks: true });
  const node = join(folder, 'node');
  cpSync(realpathSync(join(BINARIES, 'node')), node);
  const libraries = ['/lib', '/lib64'].flatMap((path) =>
    existsSync(path) ? ['--symlink', `usr/${basename(path)}`, path] : [],
  );
  const isRoot = process.getuid?.() === 0;
  const child: ChildProcess = spawn(
    'bwrap',
    [
      ...['--unshare-all', '--share-net', '--die-with-parent', '--as-pid-1', '--info-fd', '3'],
      ...['--uid', String(ARBITRARY_USER), '--gid', '0', '--clearenv'],
      ...['--setenv', 'NODE_ENV', 'production', '--setenv', 'HOSTNAME', '0.0.0.0', '--setenv', 'PORT', '0'],
      ...['--setenv', 'PATH', '/usr/bin'],
      ...['--ro-bind', '/usr', '/usr', ...libraries, '--proc', '/proc', '--dev', '/dev'],
      ...['--ro-bind', node, '/node', '--ro-bind', app, '/opt/app-root/src'],
      ...WRITABLE.flatMap((path) => ['--tmpfs', path]),
      ...['--remount-ro', '/', '--chdir', '/opt/app-root/src', '/node', ...NODE_ARGUMENTS, 'server.js'],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Not only mapped but really another user where that is possible: file modes count.
      ...(isRoot ? { uid: ARBITRARY_USER, gid: 0 } : {}),
    },
  );
  const output: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let information = '';
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    information += bytes.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const port = /^Dashboard: http:\/\/0\.0\.0\.0:(\d+)$/.exec(line)?.[1];
        if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      });
    }
    void exited.then((code) => reject(new Error(`the sandbox ended with ${code}:\n${output.join('\n')}`)));
  });
  const { 'child-pid': pid } = JSON.parse(information) as { 'child-pid': number };
  return { url, pid, output, exited };
}

test('alone, as an arbitrary user on a read-only root, it answers the probes, refuses foreign hosts, and ends on SIGTERM', async () => {
  test.setTimeout(120_000);
  test.skip(
    !hasBubblewrap(),
    'bubblewrap is not usable here and cannot be installed: the container’s limits cannot be imitated',
  );
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-container-'));
  // mkdtemp makes it private; the arbitrary user has to get in.
  mkdirSync(join(folder, 'open'), { mode: 0o755 });
  spawnSync('chmod', ['0755', folder]);
  let sandbox: Sandbox | null = null;
  try {
    sandbox = await startSandbox(join(folder, 'open'));
    const { url, pid } = sandbox;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(/^NSpid:\t\d+\t1$/m.test(status)).toBe(true);
    if (process.getuid?.() === 0) expect(status).toContain(`Uid:\t${ARBITRARY_USER}\t`);

    const ask = (path: string, host: string) => rawRequest(url, { path, headers: { Host: host } });
    await expect.poll(async () => (await ask('/api/health', 'localhost')).status).toBe(200);
    await expect.poll(async () => (await ask('/api/ready', 'localhost')).status).toBe(200);
    expect((await ask('/checklist', 'localhost')).status).toBe(200);
    expect((await ask('/api/health', 'foreign.example')).status).toBe(421);
    // No cluster is configured: the dashboard says so instead of ending.
    expect(JSON.parse((await ask('/api/status', 'localhost')).body)).toMatchObject({ mode: 'unknown' });
    expect(sandbox.output.join('\n')).not.toMatch(/EROFS|EACCES|EPERM/);

    const events = await fetch(`${url}/api/events`);
    process.kill(pid, 'SIGTERM');
    expect(await events.text()).toContain('event: restarting');
    expect(await sandbox.exited).toBe(0);
  } finally {
    if (sandbox !== null && existsSync(`/proc/${sandbox.pid}`)) process.kill(sandbox.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
