// Runs a script of ours under the pinned Node, installing the packages first when they are missing or stale:
//   node scripts/with-install.mjs scripts/demo.ts --port 0
// This file alone must run on the oldest Node that may be on a machine (20.20): no TypeScript, no packages.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules', '.bin');
const stampFile = join(root, 'node_modules', '.install-stamp');

function lockHash() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

function isInstalled() {
  return (
    existsSync(join(binaries, 'node')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === lockHash()
  );
}

function install() {
  console.log('Installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    // npm sets these for the script it runs; its own child must decide for itself.
    env: { ...process.env, NODE_ENV: undefined, npm_config_prefix: undefined },
  });
  if (result.status !== 0) {
    console.error('npm ci failed; see its messages above.');
    process.exit(result.status ?? 1);
  }
  writeFileSync(stampFile, lockHash());
}

const [script, ...rest] = process.argv.slice(2);
if (script === undefined) {
  console.error('usage: node scripts/with-install.mjs SCRIPT [arguments]');
  process.exit(2);
}
if (!isInstalled()) install();

const child = spawn(join(binaries, 'node'), [join(root, script), ...rest], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: {
    ...process.env,
    PATH: `${binaries}:${process.env.PATH ?? ''}`,
    NEXT_TELEMETRY_DISABLED: '1',
  },
});
// npm starts this file without a shell in between (`exec` in package.json), so its signals reach us and we pass them on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// When npm itself is killed without a word, nothing may stay behind.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill('SIGTERM');
}, 1_000).unref();
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 143)));
