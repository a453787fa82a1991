import { expect, type Locator, type Page } from '@playwright/test';
import { sourceLight } from './source-light';
import type { Stage } from './stage';

/** Places and habits of the Chat screen, as a person finds them. */
export const baselineOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'INT4 baseline', exact: true });

export const distributedOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Distributed', exact: true });

/** There while an answer runs in any lane. */
export const stopOf = (page: Page): Locator => page.getByRole('button', { name: 'Stop', exact: true });

export async function openChat(page: Page, stage: Stage, search = ''): Promise<void> {
  await page.goto(`${stage.url}/chat${search}`);
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
}

export async function ask(page: Page, question: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill(question);
  await prompt.press('Enter');
}
