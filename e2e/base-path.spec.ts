/** The image for the platform's gateway: built with a base path, behind a host that it shares with others. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { BINARIES, ROOT } from '../scripts/paths';
import { passOn, passOnUpgrade } from './pass-on';
import { openStage, type Stage } from './stage';

const BASE_PATH = '/llm-d-live';

/** The sources that the Containerfile copies, built as it builds them. */
function buildIn(folder: string): void {
  const containerfile = readFileSync(join(ROOT, 'Containerfile'), 'utf8');
  for (const [, words = ''] of containerfile.matchAll(/^COPY (?!--)(.+)$/gm)) {
    for (const source of words.split(' ').slice(0, -1)) {
      cpSync(join(ROOT, source), join(folder, source), { recursive: true });
    }
  }
  // Bundlers look for packages beside the sources; the files themselves are shared.
  const linked = spawnSync('cp', ['-al', join(ROOT, 'node_modules'), join(folder, 'node_modules')]);
  if (linked.status !== 0) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const result = spawnSync(join(BINARIES, 'node'), ['scripts/build.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, BASE_PATH },
  });
  if (result.status !== 0) throw new Error(`the build failed:\n${result.stdout}${result.stderr}`);
}

interface SharedHost {
  url: string;
  server: Server;
  /** What was asked outside the prefix: it would have met another application. */
  strayed: string[];
}

/** One host for many applications: paths below the prefix are handed on whole, everything else is somebody else's. */
async function openSharedHost(dashboardUrl: string): Promise<SharedHost> {
  const strayed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/' } = incoming;
    if (url !== BASE_PATH && !url.startsWith(`${BASE_PATH}/`)) {
      strayed.push(`${method} ${url}`);
      outgoing.writeHead(404).end('another application');
      return;
    }
    passOn(incoming, outgoing, new URL(dashboardUrl));
  });
  server.on('upgrade', (incoming, socket, head) => {
    if (!incoming.url?.startsWith(`${BASE_PATH}/`)) strayed.push(`upgrade ${incoming.url}`);
    passOnUpgrade(incoming, socket, head, new URL(dashboardUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, strayed };
}

test.describe('built with a base path', () => {
  let folder: string;
  let stage: Stage;
  let host: SharedHost;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    folder = mkdtempSync(join(tmpdir(), 'llm-d-live-base-path-'));
    buildIn(folder);
    stage = await openStage({ dashboardFolder: join(folder, '.next', 'standalone') });
    host = await openSharedHost(stage.url);
  });
  test.afterAll(async () => {
    host.server.closeAllConnections();
    host.server.close();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('says its address, and answers below the prefix only', async () => {
    expect(new URL(stage.url).pathname).toBe(BASE_PATH);
    expect((await fetch(`${stage.url}/api/health`)).status).toBe(200);
    expect((await fetch(`${new URL(stage.url).origin}/api/health`)).status).toBe(404);
  });

  test('the whole show stays below the prefix: pages, scripts, live stream, chat, compare, keys', async ({
    page,
  }) => {
    test.setTimeout(120_000);
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('response', (response) => {
      if (response.status() >= 400) trouble.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${host.url}${BASE_PATH}`);
    await expect(page).toHaveURL(`${host.url}${BASE_PATH}/checklist`);
    await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible({
      timeout: 60_000,
    });

    await page.keyboard.press('2');
    await expect(page).toHaveURL(new RegExp(`${BASE_PATH}/placement`));
    await expect(
      page.getByRole('heading', { level: 1, name: /^2 replicas, each the whole model/ }),
    ).toBeVisible();

    await page.keyboard.press('3');
    await expect(page).toHaveURL(new RegExp(`${BASE_PATH}/chat`));
    await expect(page.getByRole('button', { name: /What llm-d adds/ }).first()).toBeVisible();
    const answered = page.waitForResponse((response) => response.url().endsWith(`${BASE_PATH}/api/chat`));
    const line = page.waitForEvent('websocket');
    await page.keyboard.press('Shift+1');
    expect((await answered).status()).toBe(200);
    expect(new URL((await line).url()).pathname).toBe(`${BASE_PATH}/api/chat/presence`);
    expect((await line).isClosed()).toBe(false);

    await page.keyboard.press('Escape');
    await page.keyboard.press('PageDown');
    await expect(page).toHaveURL(new RegExp(`${BASE_PATH}/compare`));
    await expect(page.getByRole('heading', { name: /First token/ }).first()).toBeVisible();
    const address = page.url();
    await page.reload();
    expect(page.url()).toBe(address);

    expect(host.strayed).toEqual([]);
    expect(trouble).toEqual([]);
  });
});
