import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CLI = join(import.meta.dirname, 'cli.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function untilPrinted(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.split('\n').includes(line)) resolve();
    });
    child.once('exit', () => reject(new Error(`ended before "${line}": ${printed}`)));
  });
}

test('starts, says ready, and leaves nothing behind when it is told to end', async () => {
  const child = spawn(process.execPath, [CLI, '--folder', folder, '--prometheus', 'embedded']);
  await untilPrinted(child, 'ready');
  expect(readdirSync(folder).sort()).toEqual(['ca.crt', 'control.json', 'env', 'kubeconfig', 'reader-token']);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect([await ended, readdirSync(folder)]).toEqual([0, []]);
}, 30_000);

test('a second one in the same folder is refused and leaves the first alone; what a dead one left is taken over', async () => {
  const args = [CLI, '--folder', folder, '--prometheus', 'embedded'];
  const contents = (): string[] =>
    readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const first = spawn(process.execPath, args);
  await untilPrinted(first, 'ready');
  const before = contents();
  const second = spawn(process.execPath, args);
  let error = '';
  second.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => second.once('close', resolve));
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(`^A lab runs from ${folder} already; nothing was started`),
  ]);
  expect(contents()).toEqual(before);
  const killed = new Promise((resolve) => first.once('exit', resolve));
  first.kill('SIGKILL');
  await killed;
  expect(contents()).toEqual(before);
  const third = spawn(process.execPath, args);
  await untilPrinted(third, 'ready');
  expect(contents()).not.toEqual(before);
  const ended = new Promise<number | null>((resolve) => third.once('exit', resolve));
  third.kill('SIGTERM');
  expect([await ended, readdirSync(folder)]).toEqual([0, []]);
}, 60_000);

/** Every file below a folder. */
function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

test('writes nothing outside its folder', async () => {
  const folderOfLab = join(folder, 'lab');
  // Wherever programs like to leave things is inside the folder of this test.
  const env = { ...process.env, HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder };
  const child = spawn(process.execPath, [CLI, '--folder', folderOfLab, '--prometheus', 'embedded'], {
    cwd: folder,
    env,
  });
  await untilPrinted(child, 'ready');
  expect(filesBelow(folder)).toEqual(
    ['ca.crt', 'control.json', 'env', 'kubeconfig', 'reader-token'].map((name) => join(folderOfLab, name)),
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  expect([await ended, filesBelow(folder)]).toEqual([0, []]);
}, 30_000);

test('does not outlive a parent that was killed, if asked', async () => {
  const parent = spawn(process.execPath, [
    '-e',
    `require('node:child_process').spawn(process.execPath, ${JSON.stringify([CLI, '--folder', folder, '--prometheus', 'embedded', '--end-with-parent'])}, { stdio: 'inherit' })`,
  ]);
  await untilPrinted(parent, 'ready');
  const emptied = new Promise<void>((resolve) => {
    const watcher = watch(folder, () => {
      if (existsSync(join(folder, 'control.json'))) return;
      watcher.close();
      resolve();
    });
  });
  parent.kill('SIGKILL');
  await emptied;
  expect(existsSync(join(folder, 'control.json'))).toBe(false);
}, 30_000);

test('a wrong option ends it at once, with the reason and the help', async () => {
  const child = spawn(process.execPath, [CLI, '--scenario', 'chaos']);
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  expect([code, error.split('\n')[0]]).toEqual([
    2,
    expect.stringMatching(/^--scenario chaos: there are healthy, as-shipped, /),
  ]);
  expect(error).toContain('Usage: npm run lab');
}, 30_000);
