import { defineConfig } from '@playwright/test';
import endToEnd from '../playwright.config';

/** Benchmarks run like the end-to-end tests: the built app, the lab, a real Chromium, one at a time. */
export default defineConfig({
  ...endToEnd,
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../test-results/bench',
  timeout: 10 * 60_000,
});
