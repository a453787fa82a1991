import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guidellmFilesSchema } from '@/lib/contracts/guidellm';
import { SAMPLE_0_5, SAMPLE_0_7 } from '@/lib/domain/testing/guidellm-files';
import { createResultFiles } from './result-files';

const NAMES = { baselineName: 'mistral-3-int4', distributedName: 'mistral-3-distributed' };
const NOW = Date.UTC(2026, 0, 15, 9);

async function aFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guidellm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    await utimes(path, NOW / 1000 + index, NOW / 1000 + index);
  }
  return folder;
}

const read = (path: string | null) => createResultFiles(path, NAMES, () => NOW).read();

describe('the results below GUIDELLM_PATH', () => {
  it('are read newest first, folders below included; damaged ones are told with their place', async () => {
    const folder = await aFolder({
      'int4/benchmarks.json': SAMPLE_0_5,
      'llm-d.json': SAMPLE_0_7,
      'cut.json': SAMPLE_0_5.slice(0, 700),
      'benchmarks.csv': 'not,read',
    });
    const files = await read(folder);
    expect(guidellmFilesSchema.parse(files)).toEqual(files);
    expect(files.runs.map(({ file, arm, stages }) => [file, arm, stages.length])).toEqual([
      ['llm-d.json', 'distributed', 3],
      ['int4/benchmarks.json', 'baseline', 3],
    ]);
    expect(files.problems).toEqual([
      { file: 'cut.json', at: 'character 700', message: 'the file is cut off: it ends in the middle' },
    ]);
    expect(files.readAt).toBe('2026-01-15T09:00:00.000Z');
  });

  it('may be one file', async () => {
    const folder = await aFolder({ 'a.json': SAMPLE_0_5 });
    expect((await read(join(folder, 'a.json'))).runs.map(({ file }) => file)).toEqual(['a.json']);
  });

  it('are read again when they change', async () => {
    const folder = await aFolder({ 'a.json': SAMPLE_0_5 });
    const results = createResultFiles(folder, NAMES, () => NOW);
    expect((await results.read()).runs.map(({ shape }) => shape)).toEqual(['0.5']);
    await writeFile(join(folder, 'a.json'), SAMPLE_0_7);
    expect((await results.read()).runs.map(({ shape }) => shape)).toEqual(['0.7']);
  });

  it('are nothing where nothing is configured, and a problem where nothing is there', async () => {
    expect(await read(null)).toMatchObject({ path: null, runs: [], problems: [] });
    const missing = await read('/nowhere/results');
    expect(missing.path).toBe('results');
    expect(missing.problems).toEqual([
      { file: 'results', at: 'GUIDELLM_PATH', message: 'there is no such file or folder' },
    ]);
  });
});
