import { expect, test } from 'vitest';
import { runVisibly } from './child.ts';

/** Ends with 0 if nobody ends it before. */
const LONG = ['-e', 'setTimeout(() => undefined, 15_000)'];

test('a program that runs visibly ends when the signal says so', async () => {
  const ending = new AbortController();
  const code = runVisibly(process.execPath, LONG, { cwd: import.meta.dirname, signal: ending.signal });
  ending.abort();
  expect(await code).toBe(143);
});

test('… and at once when it was said before', async () => {
  expect(
    await runVisibly(process.execPath, LONG, { cwd: import.meta.dirname, signal: AbortSignal.abort() }),
  ).toBe(143);
});

test('without a signal it runs to its own end', async () => {
  expect(await runVisibly(process.execPath, ['-e', 'process.exit(7)'], { cwd: import.meta.dirname })).toBe(7);
});
