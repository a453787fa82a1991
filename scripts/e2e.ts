/** `npm run e2e`: the end-to-end tests alone; arguments go to Playwright. */
import { join } from 'node:path';
import { build } from './build.ts';
import { runVisibly } from './child.ts';
import { findChromium } from './find-chromium.ts';
import { BINARIES, ROOT } from './paths.ts';

const buildCode = await build();
if (buildCode !== 0) process.exit(buildCode);
process.exit(
  await runVisibly(join(BINARIES, 'playwright'), ['test', ...process.argv.slice(2)], {
    cwd: ROOT,
    env: { ...process.env, CHROMIUM_PATH: findChromium() },
  }),
);
