import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { noteRunning, runningDashboards } from './running-dashboards.ts';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'running-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Something that answers, and its address. */
async function aDashboard(): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer((_, response) => response.writeHead(421).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  onTestFinished(async () => void (await close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

test('a dashboard is named from its start to its end', async () => {
  const folder = aFolder();
  const { url } = await aDashboard();
  const exited = Promise.withResolvers<void>();
  const address = Promise.withResolvers<string>();
  noteRunning(process.pid, exited.promise, address.promise, folder);
  expect(await runningDashboards(folder)).toEqual([`one that starts just now (process ${process.pid})`]);
  address.resolve(url);
  await setImmediate();
  expect(await runningDashboards(folder)).toEqual([url]);
  exited.resolve();
  await setImmediate();
  expect(readdirSync(folder)).toEqual([]);
});

test('what a killed one left behind counts no more, also when its process number is another’s', async () => {
  const folder = aFolder();
  const { url, close } = await aDashboard();
  const never = new Promise<never>(() => undefined);
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.once('exit', resolve));
  noteRunning(dead.pid ?? 0, never, Promise.resolve(url), folder);
  noteRunning(process.pid, never, Promise.resolve(url), folder);
  await setImmediate();
  expect(await runningDashboards(folder)).toEqual([url]);
  await close();
  expect([await runningDashboards(folder), readdirSync(folder)]).toEqual([[], []]);
});

test('no folder is no dashboard', async () => {
  expect(await runningDashboards(join(aFolder(), 'none'))).toEqual([]);
});
