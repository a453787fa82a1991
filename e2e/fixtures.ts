import { test as base, expect } from '@playwright/test';
import { openStage, type Stage } from './stage';

interface PerTest {
  /** Set by tests whose page is not ours. */
  visitsElsewhere: boolean;
  /** What went wrong in the browser: errors, policy violations, requests to elsewhere. Checked after each test. */
  browserTrouble: string[];
}

interface PerWorker {
  /** Whether the stage has a control token. */
  asksForControlToken: boolean;
  stage: Stage;
}

/** Noise that belongs to a test which takes the server away on purpose. */
const EXPECTED_WHILE_AWAY = /Failed to load resource|net::ERR_|EventSource/;

export const test = base.extend<PerTest, PerWorker>({
  asksForControlToken: [false, { option: true, scope: 'worker' }],
  stage: [
    async ({ asksForControlToken }, use) => {
      const stage = await openStage({ asksForControlToken });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  visitsElsewhere: [false, { option: true }],
  browserTrouble: [
    async ({ page, stage, visitsElsewhere }, use) => {
      const trouble: string[] = [];
      page.on('pageerror', (error) => trouble.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() !== 'error' || EXPECTED_WHILE_AWAY.test(message.text())) return;
        trouble.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== stage.url && protocol !== 'data:' && protocol !== 'blob:')
          trouble.push(`request: ${request.url()}`);
      });
      await use(trouble);
      if (!visitsElsewhere) expect(trouble).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
