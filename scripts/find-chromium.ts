import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const program of PROGRAMS) {
      const path = join(folder, program);
      if (isExecutable(path)) return path;
    }
  }
  return null;
}

function run(command: string, args: readonly string[]): boolean {
  console.log(`  ${command} ${args.join(' ')}`);
  return spawnSync(command, [...args], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/**
 * A Chromium for the end-to-end tests: CHROMIUM_PATH, the system's, Playwright's own (downloaded where
 * that is possible), or the distribution's package (where we may install). Throws with words otherwise.
 */
export function findChromium(): string {
  const configured = process.env.CHROMIUM_PATH;
  if (configured !== undefined) {
    if (!isExecutable(configured)) throw new Error(`CHROMIUM_PATH=${configured} is not a program`);
    return configured;
  }
  const present = onPath() ?? (isExecutable(chromium.executablePath()) ? chromium.executablePath() : null);
  if (present !== null) return present;

  console.log('No Chromium found. Trying to get one …');
  if (
    run(process.execPath, [join('node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium']) &&
    isExecutable(chromium.executablePath())
  ) {
    return chromium.executablePath();
  }
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    const installed = onPath();
    if (installed !== null) return installed;
  }
  throw new Error(
    'The end-to-end tests need a Chromium. Install one (package "chromium"), or name one with CHROMIUM_PATH.',
  );
}
