import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pricesFileSchema } from '@/lib/contracts/targets';
import { createShowFile } from './show-file';

const GOOD = 'currency: USD\ndate: 2026-01-31\nsource: a list\nperGpuHour: { g6.4xlarge: 1.32 }\n';

async function aFile(text: string | null) {
  const folder = await mkdtemp(join(tmpdir(), 'show-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'prices.yaml');
  if (text !== null) await writeFile(path, text);
  return { path, file: createShowFile('PRICES_FILE', path, pricesFileSchema) };
}

describe('a file of the show', () => {
  it('is read, and read again when it has changed', async () => {
    const { path, file } = await aFile(GOOD);
    expect(await file.read()).toMatchObject({ problem: null, value: { currency: 'USD' } });
    await writeFile(path, GOOD.replace('1.32', '1.3200'.concat('5')));
    expect(await file.read()).toMatchObject({ value: { perGpuHour: { 'g6.4xlarge': 1.32005 } } });
  });

  it.each([
    ['missing', null, 'The file of PRICES_FILE is not there.'],
    ['no YAML', 'a: [', 'The file of PRICES_FILE is not YAML'],
    ['wrong', GOOD.replace('1.32', 'cheap'), 'The file of PRICES_FILE is wrong at perGpuHour.g6.4xlarge:'],
    ['too large', `# ${'x'.repeat(300_000)}\n${GOOD}`, 'The file of PRICES_FILE is larger than 256 KiB.'],
  ])('that is %s is told in words, without its path', async (_name, text, problem) => {
    const { path, file } = await aFile(text);
    const read = await file.read();
    expect(read.value).toBeNull();
    expect(read.problem).toContain(problem);
    expect(read.problem).not.toContain(path);
  });

  it('heals when the mistake is saved away', async () => {
    const { path, file } = await aFile('currency: 1');
    expect((await file.read()).problem).not.toBeNull();
    await writeFile(path, GOOD);
    expect(await file.read()).toMatchObject({ problem: null });
  });
});
