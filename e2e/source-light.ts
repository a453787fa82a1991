import type { Locator, Page } from '@playwright/test';

/** A light of the top bar in one of the given states: its words are its name. */
export function sourceLight(
  page: Page,
  source: 'cluster' | 'metrics' | 'INT4' | 'llm-d',
  states: string,
): Locator {
  return page
    .getByRole('list', { name: 'Sources' })
    .getByRole('button', { name: new RegExp(`^${source}\\b.*\\b(?:${states})$`) });
}
