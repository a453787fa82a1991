/** `npm run demo` itself, and the standalone folder alone. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { startDashboard, waitUntilReady } from '../scripts/dashboard';
import { ROOT, STANDALONE } from '../scripts/paths';
import { rawRequest } from './raw-http';

const ROUTES = [
  '/api/health',
  '/api/ready',
  '/api/status',
  '/api/checklist',
  '/api/placement',
  '/api/compare',
  '/api/guidellm',
  '/checklist',
  '/placement',
  '/chat',
  '/compare',
];

interface DemoRun {
  lines: string[];
  url: string;
  terminate(): Promise<number | null>;
  pid: number;
}

function runDemo(labFolder: string): Promise<DemoRun> {
  const child = spawn('npm', ['run', 'demo', '--', '--port', '0', '--lab-folder', labFolder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it leaves behind can be found and ended.
    detached: true,
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line !== 'ready') return;
        resolve({
          lines,
          url:
            lines
              .map((printed) => /^Dashboard: (\S+)$/.exec(printed)?.[1])
              .find((url) => url !== undefined) ?? '',
          pid: child.pid ?? 0,
          terminate: () => {
            child.kill('SIGTERM');
            return exited;
          },
        });
      });
    }
    void exited.then((code) => reject(new Error(`npm run demo ended with ${code}:\n${lines.join('\n')}`)));
  });
}

/** Processes of a group that still live. */
function livingGroup(groupId: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readProcessStat(pid);
        return stat.group === groupId && stat.state !== 'Z';
      } catch {
        return false;
      }
    });
}

function readProcessStat(pid: string): { group: number; state: string } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { state: fields[0] ?? '', group: Number(fields[2]) };
}

test('npm run demo prints the address, then ready, serves every route, and ends with all it started', async () => {
  test.setTimeout(180_000);
  const labFolder = mkdtempSync(join(tmpdir(), 'llm-d-live-demo-'));
  try {
    const demo = await runDemo(labFolder);
    expect(demo.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.lines.indexOf(`Dashboard: ${demo.url}`)).toBe(demo.lines.indexOf('ready') - 1);
    expect(existsSync(join(labFolder, 'env'))).toBe(true);
    for (const path of ROUTES) expect((await rawRequest(demo.url, { path })).status, path).toBe(200);
    expect(JSON.parse((await rawRequest(demo.url, { path: '/api/status' })).body)).toMatchObject({
      mode: 'simulated',
    });

    // A second one is told where the first is, and takes nothing from it.
    const environment = readFileSync(join(labFolder, 'env'), 'utf8');
    await expect(runDemo(labFolder)).rejects.toThrow(
      `This demo runs already: ${demo.url}. Nothing was started.`,
    );
    expect(readFileSync(join(labFolder, 'env'), 'utf8')).toBe(environment);
    expect(JSON.parse((await rawRequest(demo.url, { path: '/api/status' })).body)).toMatchObject({
      sources: expect.arrayContaining([expect.objectContaining({ id: 'cluster', state: 'live' })]),
    });

    // Streams are open when the signal comes.
    const events = await fetch(`${demo.url}/api/events`);
    const group = demo.pid;
    expect(livingGroup(group).length).toBeGreaterThanOrEqual(3);
    await demo.terminate();
    await expect.poll(() => livingGroup(group), { timeout: 10_000 }).toEqual([]);
    expect(await events.text()).toContain('event: restarting');
    await expect(fetch(`${demo.url}/api/health`)).rejects.toThrow();
  } finally {
    rmSync(labFolder, { recursive: true, force: true });
  }
});

test('npm run dev serves the development server against a lab of its own, and ends with it', async () => {
  test.setTimeout(180_000);
  const labFolder = mkdtempSync(join(tmpdir(), 'llm-d-live-dev-'));
  const child = spawn('npm', ['run', 'dev', '--', '--lab-folder', labFolder], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const printed = /^Dashboard: (\S+)$/.exec(line)?.[1];
        if (printed !== undefined) resolve(printed);
      });
      child.on('exit', (code) => reject(new Error(`npm run dev ended with ${code}`)));
    });
    await waitUntilReady(url, 120_000);
    expect((await rawRequest(url, { path: '/checklist' })).status).toBe(200);
    child.kill('SIGTERM');
    await expect.poll(() => livingGroup(child.pid ?? 0), { timeout: 12_000 }).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    rmSync(labFolder, { recursive: true, force: true });
  }
});

test('a wrong option is explained, with the usage', async () => {
  const child = spawn('npm', ['run', 'demo', '--', '--port', 'many'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  expect(code).not.toBe(0);
  expect(output).toContain('--port many: a number from 0 to 65535 is needed');
  expect(output).toContain('--scenario NAME');
});

test('the standalone folder starts alone in an empty directory, without a cluster, and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-alone-'));
  const home = mkdtempSync(join(tmpdir(), 'llm-d-live-home-'));
  cpSync(STANDALONE, folder, { recursive: true, verbatimSymlinks: true });
  const dashboard = startDashboard({
    port: 0,
    kind: 'built',
    folder,
    env: { PATH: process.env.PATH, HOME: home },
  });
  try {
    const url = await dashboard.url;
    await waitUntilReady(url);
    for (const path of ROUTES) expect((await rawRequest(url, { path })).status, path).toBe(200);
    const status = JSON.parse((await rawRequest(url, { path: '/api/status' })).body) as {
      mode: string;
      sources: { id: string; state: string }[];
    };
    expect(status.mode).toBe('unknown');
    expect(status.sources.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'cluster not-configured',
      'metrics not-configured',
      'baseline not-configured',
      'distributed not-configured',
    ]);
    const checklist = JSON.parse((await rawRequest(url, { path: '/api/checklist' })).body) as {
      verdict: string;
      gates: { id: string; status: string; reason: string | null }[];
    };
    expect(checklist.verdict).toBe('not-yet');
    // Nothing could be looked at; without a cluster there is also no credential that could end.
    expect(checklist.gates.filter(({ status: gate }) => gate !== 'unknown').map(({ id }) => id)).toEqual([
      'credential-lifetime',
    ]);
  } finally {
    await dashboard.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  }
});

test('wrong settings end the start with one message that names each of them', async () => {
  const lines: string[] = [];
  const dashboard = startDashboard({
    port: 0,
    kind: 'built',
    env: {
      PATH: process.env.PATH,
      EXPECTED_REPLICAS: 'two',
      GATEWAY: 'not a gateway',
      PROMETHEUS_URL: 'ftp://prometheus',
    },
    onLine: (line) => lines.push(line),
  });
  expect(await dashboard.exited).not.toBe(0);
  const message = lines.join('\n');
  for (const name of ['EXPECTED_REPLICAS', 'GATEWAY', 'PROMETHEUS_URL']) expect(message).toContain(name);
  expect(message.match(/settings are wrong/g)).toHaveLength(1);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

for (const [named, HOSTNAME] of [
  ['left empty', ''],
  ['set to the machine’s own name, as container engines do', hostname()],
] as const) {
  test(`a HOSTNAME that is ${named} means loopback`, async () => {
    const dashboard = startDashboard({ port: 0, kind: 'built', env: { PATH: process.env.PATH, HOSTNAME } });
    try {
      expect(await dashboard.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    } finally {
      await dashboard.stop();
    }
  });
}

test('PORT and HOSTNAME may stand in the file of DEMO_CONFIG, and the environment wins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-config-'));
  const file = join(folder, 'demo.yaml');
  // Relative to where the command is given, not to the folder the server runs in.
  const DEMO_CONFIG = relative(process.env.INIT_CWD ?? process.cwd(), file);
  const port = await freePort();
  writeFileSync(file, `PORT: ${port}\nHOSTNAME: 127.0.0.2\n`);
  const addressWith = async (env: Record<string, string>): Promise<string> => {
    const dashboard = startDashboard({ kind: 'built', env: { PATH: process.env.PATH, DEMO_CONFIG, ...env } });
    try {
      return await dashboard.url;
    } finally {
      await dashboard.stop();
    }
  };
  try {
    expect(await addressWith({})).toBe(`http://127.0.0.2:${port}`);
    expect(await addressWith({ HOSTNAME: '127.0.0.1' })).toBe(`http://127.0.0.1:${port}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('npm start says which PORT it cannot use', async () => {
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: 'abc' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).not.toBe(0);
  expect(output).toContain('PORT: read "abc" from the environment; allowed: a port number from 0 to 65535');
});
