import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\/(.*)$/, replacement: `${root}$1` },
      // The package throws outside a server bundle; the folder rule is tested in lib/layers.test.ts.
      { find: 'server-only', replacement: `${root}lib/server/server-only-stub.ts` },
    ],
  },
  test: {
    include: ['{app,bench,components,integration,lib,server,lab,scripts,gitops,steps}/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // As in playwright.config.ts: in CI one more try for a test that talks to real processes on a busy machine.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
