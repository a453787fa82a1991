import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { addUpload, getUploads } from './guidellm-uploads';

/** The least that is a result file. */
function aFile(name: string, model: string): File {
  const benchmark = { config: { strategy: { type_: 'synchronous' } }, metrics: {} };
  return new File(
    [JSON.stringify({ metadata: { version: 1 }, args: { model }, benchmarks: [benchmark] })],
    name,
  );
}

function shown() {
  const { runs, problems } = getUploads();
  return {
    runs: runs.map(({ file, arm }) => [file, arm]).sort(),
    problems: problems.map(({ file, at }) => [file, at]),
  };
}

describe('dropped result files', () => {
  it('are all kept when several are read at once, the damaged one with its place', async () => {
    await Promise.all([
      addUpload(aFile('a.json', DEFAULT_SETTINGS.baselineName), DEFAULT_SETTINGS),
      addUpload(aFile('b.json', DEFAULT_SETTINGS.distributedName), DEFAULT_SETTINGS),
      addUpload(new File(['{"benchmarks": []}'], 'c.json'), DEFAULT_SETTINGS),
    ]);
    expect(shown()).toEqual({
      runs: [
        ['a.json', 'baseline'],
        ['b.json', 'distributed'],
      ],
      problems: [['c.json', '$.benchmarks']],
    });
  });

  it('replace an older one of their name, damaged or not', async () => {
    await addUpload(new File(['no JSON'], 'b.json'), DEFAULT_SETTINGS);
    await addUpload(aFile('c.json', 'another model'), DEFAULT_SETTINGS);
    expect(shown().runs).toEqual([
      ['a.json', 'baseline'],
      ['c.json', null],
    ]);
    expect(shown().problems.map(([file]) => file)).toEqual(['b.json']);
  });
});
