/** `npm run demo`: the lab and the built dashboard on loopback, in one command. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { startChild } from './child.ts';
import { startDashboard, waitUntilReady } from './dashboard.ts';
import { dashboardFileOf, readLabEnvironment, whyNoSecondLab } from './lab-environment.ts';
import { BINARIES, ROOT } from './paths.ts';

const USAGE = `npm run demo -- [options]
  --port N               port of the dashboard (default 3000; 0 picks a free one)
  --scenario NAME        what state the lab's cluster is in (default healthy)
  --prometheus WHAT      auto | embedded | path of a prometheus program (default auto)
  --users WHAT           the lab's own visitors (default baseline=6,distributed=6; none for silence)
  --lab-folder PATH      where the lab writes its files (default .lab)`;

function readOptions(): { port: number; labFolder: string; labArguments: string[] } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
        scenario: { type: 'string', default: 'healthy' },
        prometheus: { type: 'string', default: 'auto' },
        users: { type: 'string', default: 'baseline=6,distributed=6' },
        'lab-folder': { type: 'string', default: join(ROOT, '.lab') },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Error(`--port ${values.port}: a number from 0 to 65535 is needed`);
    }
    const users = values.users === 'none' ? [] : ['--users', values.users];
    return {
      port,
      labFolder: resolve(process.env.INIT_CWD ?? '', values['lab-folder']),
      labArguments: ['--scenario', values.scenario, '--prometheus', values.prometheus, ...users],
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Running chats have 5 s to end, and a moment to say that they did not; all is gone within ten seconds. */
const DASHBOARD_GRACE_MS = 7_000;
const LAB_GRACE_MS = 2_500;

const options = readOptions();
const running: [child: { stop(graceMs: number): Promise<void> }, graceMs: number][] = [];
let isStopping = false;

const building = new AbortController();
let built: Promise<number> = Promise.resolve(0);
/** Where others find the dashboard that belongs to the lab of this folder. */
const urlFile = dashboardFileOf(options.labFolder);
let hasUrlFile = false;

async function stopAll(code: number): Promise<never> {
  if (!isStopping) {
    isStopping = true;
    building.abort();
    await built;
    if (hasUrlFile) rmSync(urlFile, { force: true });
    // The dashboard first: it says goodbye to browsers while its sources are still there.
    for (const [child, graceMs] of running.reverse()) await child.stop(graceMs);
  }
  process.exit(code);
}
process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));
process.on('disconnect', () => void stopAll(0));

function show(name: string): (line: string) => void {
  return (line) => {
    if (!/^ready$|^Dashboard: /.test(line)) console.log(`[${name}] ${line}`);
  };
}

const problem = await whyNoSecondLab(options.labFolder);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
built = build(building.signal);
const buildCode = await built;
if (isStopping) await stopAll(0);
if (buildCode !== 0) process.exit(buildCode);

rmSync(join(options.labFolder, 'env'), { force: true });
const lab = startChild(
  join(BINARIES, 'node'),
  [join(ROOT, 'lab', 'cli.ts'), '--end-with-parent', '--folder', options.labFolder, ...options.labArguments],
  { cwd: ROOT, onLine: show('lab') },
);
running.push([lab, LAB_GRACE_MS]);
void lab.exited.then((code) => {
  if (!isStopping) {
    console.error(`The lab ended by itself (exit code ${code}).`);
    void stopAll(1);
  }
});

try {
  await lab.line(/^ready$/);
  const dashboard = startDashboard({
    port: options.port,
    kind: 'built',
    // A lab may be loaded; what the environment says goes first.
    env: { LOAD_MAX_USERS: '16', ...process.env, ...readLabEnvironment(join(options.labFolder, 'env')) },
    onLine: show('dashboard'),
  });
  running.push([dashboard, DASHBOARD_GRACE_MS]);
  void dashboard.exited.then((code) => {
    if (!isStopping) {
      console.error(`The dashboard ended by itself (exit code ${code}).`);
      void stopAll(1);
    }
  });
  const url = await dashboard.url;
  await waitUntilReady(url);
  writeFileSync(urlFile, url);
  hasUrlFile = true;
  console.log(`Dashboard: ${url}`);
  console.log('ready');
} catch (error) {
  if (!isStopping) console.error(error instanceof Error ? error.message : String(error));
  await stopAll(1);
}
