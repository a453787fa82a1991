/**
 * `npm run screenshots`: pictures of the four screens of a running dashboard.
 *   npm run screenshots -- [--url http://127.0.0.1:3000] [--folder docs/screenshots] [--all]
 * Without `--all` the four that the README shows; with it every screen in both themes, both densities and two sizes.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from './find-chromium.ts';
import { ROOT } from './paths.ts';

interface Look {
  theme: 'light' | 'dark';
  density: 'stage' | 'desk';
  width: number;
  height: number;
}

const README_LOOK: Look = { theme: 'light', density: 'stage', width: 1920, height: 1080 };

const ALL_LOOKS: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) =>
  (['stage', 'desk'] as const).flatMap((density) => [
    { theme, density, width: 1920, height: 1080 },
    { theme, density, width: 1280, height: 720 },
  ]),
);

interface Shot {
  name: string;
  path: string;
  /** Brings the screen into the state that is worth a picture. */
  prepare(page: Page): Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'ready', path: '/checklist', prepare: (page) => page.getByRole('main').waitFor() },
  { name: 'placement', path: '/placement', prepare: (page) => page.getByRole('main').waitFor() },
  {
    name: 'chat',
    path: '/chat',
    prepare: async (page) => {
      await page.getByRole('main').waitFor();
      await page.keyboard.press('Shift+1');
      await page.waitForTimeout(9_000);
    },
  },
  { name: 'compare', path: '/compare?window=5m', prepare: (page) => page.getByRole('main').waitFor() },
];

async function take(browser: Browser, url: string, shot: Shot, look: Look, file: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: look.width, height: look.height } });
  await context.addCookies([
    { name: 'theme', value: look.theme, url },
    { name: 'density', value: look.density, url },
    { name: 'density-now', value: look.density, url },
  ]);
  const page = await context.newPage();
  await page.goto(`${url}${shot.path}`);
  // Fonts, the first snapshot and the first answer of Prometheus.
  await page.waitForTimeout(2_500);
  await shot.prepare(page);
  await page.screenshot({ path: file });
  await context.close();
  console.log(file);
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    folder: { type: 'string', default: join(ROOT, 'docs', 'screenshots') },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const folder = resolve(values.folder);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
for (const shot of SHOTS) {
  if (values.only !== undefined && values.only !== shot.name) continue;
  for (const look of values.all ? ALL_LOOKS : [README_LOOK]) {
    const suffix = values.all ? `-${look.theme}-${look.density}-${look.width}` : '';
    await take(browser, values.url, shot, look, join(folder, `${shot.name}${suffix}.png`));
  }
}
await browser.close();
