/** An answer much longer than its lane: what has left the view is skipped, and nobody may see that. */
import type { Locator } from '@playwright/test';
import { ask, baselineOf, openChat, stopOf } from './chat-page';
import { expect } from './fixtures';
import { testWithModel } from './scripted-fixtures';

const test = testWithModel();

const WORDS = 'the queue grows while its pods load their weights and nobody looks'.split(' ');
/** Paragraphs of many heights, and code between them. */
const PARTS = Array.from({ length: 90 }, (_, index) =>
  index % 7 === 3
    ? `\`\`\`bash\necho ${index}\nfor pod in $pods; do echo "$pod"; done\n\`\`\`\n\n`
    : `Part ${index}: ${Array.from({ length: 8 + ((index * 37) % 40) }, (_, word) => WORDS[(index + word) % WORDS.length]).join(' ')}.\n\n`,
);

/** Scrolls back in small steps to the beginning: how far what is in view went beside its step, and what was in view and not drawn. */
function readBackwards(conversation: Locator): Promise<{ jumpsPx: number[]; notDrawn: number }> {
  return conversation.evaluate(async (scroller) => {
    const stepPx = 90;
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    const view = scroller.getBoundingClientRect();
    const isInView = (element: Element, abovePx: number): boolean => {
      const { top, bottom, height } = element.getBoundingClientRect();
      return height > 0 && bottom > view.top + abovePx && top < view.bottom;
    };
    const blocks = Array.from(scroller.querySelectorAll('p, pre'));
    const jumpsPx: number[] = [];
    let notDrawn = 0;
    while (scroller.scrollTop > 0) {
      const read = blocks.find((block) => isInView(block, stepPx + 20));
      if (read === undefined) throw new Error('nothing in view');
      const expectedPx = read.getBoundingClientRect().top + Math.min(stepPx, scroller.scrollTop);
      scroller.scrollBy(0, -stepPx);
      notDrawn += blocks.filter(
        (block) => isInView(block, 0) && !block.checkVisibility({ contentVisibilityAuto: true }),
      ).length;
      await frame();
      await frame();
      const jumpPx = Math.abs(read.getBoundingClientRect().top - expectedPx);
      // Scroll positions are whole pixels.
      if (jumpPx > 1) jumpsPx.push(jumpPx);
    }
    return { jumpsPx, notDrawn };
  });
}

test('what is read in a long answer does not jump, and is all there, also when the lane became narrower', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ chunks: PARTS, everyMs: 20 }));
  await openChat(page, stage);
  await ask(page, 'Tell it at length.');
  await expect(page.getByText('Part 89:').first()).toBeInViewport({ timeout: 20_000 });
  await expect(stopOf(page)).toBeHidden({ timeout: 20_000 });
  const conversation = baselineOf(page).getByRole('region', { name: /Conversation/ });
  const toEnd = (): Promise<void> =>
    conversation.evaluate((scroller) => {
      scroller.scrollTop = scroller.scrollHeight;
    });
  expect(await readBackwards(conversation)).toEqual({ jumpsPx: [], notDrawn: 0 });

  await toEnd();
  await page.setViewportSize({ width: 1000, height: 720 });
  await expect(page.getByText('Part 89:').first()).toBeInViewport();
  expect(await readBackwards(conversation)).toEqual({ jumpsPx: [], notDrawn: 0 });
});

test('a table wider than its lane scrolls by itself', async ({ page, stage, model }) => {
  const cells = Array.from({ length: 12 }, (_, index) => `a_long_name_${index}`);
  const row = (texts: readonly string[]): string => `| ${texts.join(' | ')} |\n`;
  model.answer(() => ({
    chunks: [row(cells), row(cells.map(() => '---')), row(cells), '\nAfter it.'],
    everyMs: 5,
  }));
  await openChat(page, stage);
  await ask(page, 'Table?');
  const lane = baselineOf(page);
  await expect(lane.getByText('After it.')).toBeVisible();
  const last = lane.getByRole('cell', { name: 'a_long_name_11' });
  await expect(last).not.toBeInViewport();
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();
});
