import { describe, expect, it } from 'vitest';
import type { GuidellmRun } from './guidellm';
import { type GuidellmResult, parseGuidellm, stageName } from './guidellm-parse';
import { SAMPLE_0_5, SAMPLE_0_7, sample03, sample04 } from './testing/guidellm-files';

const NAMES = { baselineName: 'mistral-3-int4', distributedName: 'mistral-3-distributed' };

function parse(text: string): GuidellmResult {
  return parseGuidellm(text, 'benchmarks.json', NAMES);
}

function run(text: string): GuidellmRun {
  const result = parse(text);
  if (!result.ok) throw new Error(`${result.problem.at}: ${result.problem.message}`);
  return result.run;
}

describe('the four shapes of GuideLLM', () => {
  it.each([
    ['0.3', sample03(), null, false],
    ['0.4', sample04(), null, true],
    ['0.5', SAMPLE_0_5, '0.5.0', true],
    ['0.7', SAMPLE_0_7, '0.7.3', true],
  ])('%s is told by itself, and read as far as it goes', (shape, text, version, tpotHasFirstToken) => {
    const read = run(text);
    expect(read).toMatchObject({ shape, version, tpotHasFirstToken, file: 'benchmarks.json' });
    expect(read.stages.map((stage) => [stageName(stage), stage.load, stage.at])).toEqual([
      ['1 user', 'concurrent', '$.benchmarks[0]'],
      ['3 users', 'concurrent', '$.benchmarks[1]'],
      ['8 users', 'concurrent', '$.benchmarks[2]'],
    ]);
  });

  it('holds a stage whole, with TPOT beside ITL and never in its place', () => {
    const [, three] = run(SAMPLE_0_5).stages;
    expect(three).toMatchObject({
      users: 3,
      ratePerSecond: null,
      startedAt: '2025-11-24T08:01:09.608Z',
      requests: { successful: 12, incomplete: 3, errored: 0 },
    });
    expect(three?.ttftMs).toMatchObject({ count: 12, p50: 809.5438480377197, p95: 821.0129737854004 });
    // TTFT is spread over the tokens in it: about 800 ms ÷ 256 more.
    const difference = (three?.tpotMs?.mean ?? 0) - (three?.itlMs?.mean ?? 0);
    expect(difference).toBeGreaterThan(2);
    expect(difference).toBeLessThan(4);
    expect(three?.outputTokensPerSecond).toBeCloseTo(53.5, 1);
    expect(three?.totalTokensPerSecond).toBeGreaterThan(100);
  });

  it.each([
    ['0.3', sample03()],
    ['0.4', sample04()],
  ])('%s has the same numbers as the file it was made from', (_shape, text) => {
    expect(run(text).stages).toEqual(run(SAMPLE_0_5).stages);
  });

  it('warns where percentiles rest on a handful, and where requests were cut off', () => {
    expect(run(SAMPLE_0_5).warnings).toContain(
      '3 users: 12 requests only, so p95 and p99 are the slowest of them',
    );
    expect(run(SAMPLE_0_5).warnings).toContain('3 users: 3 requests were cut off by the time limit');
  });
});

describe('the arm a file is of', () => {
  it('is told by a label', () => {
    expect(run(SAMPLE_0_7)).toMatchObject({ arm: 'distributed', armBecause: 'label side=distributed' });
  });

  it('is told by the target, else by the model', () => {
    expect(run(SAMPLE_0_5)).toMatchObject({ arm: 'baseline' });
    expect(run(SAMPLE_0_5).armBecause).toContain('target http://mistral-3-int4-predictor');
    const byAddress = SAMPLE_0_5.replaceAll(/http:\/\/mistral-3-int4[^"]*/g, 'http://10.0.0.1:8080');
    expect(run(byAddress)).toMatchObject({ arm: 'baseline', armBecause: 'model mistral-3-int4' });
  });

  it('is asked for where the file names none, or both', () => {
    const unknown = SAMPLE_0_5.replaceAll('mistral-3-int4', 'other');
    expect(run(unknown)).toMatchObject({
      arm: null,
      armBecause: 'neither labels nor target nor model name an arm',
    });
    const both = SAMPLE_0_5.replaceAll('mistral-3-int4', 'mistral-3-int4-or-mistral-3-distributed');
    expect(run(both).arm).toBeNull();
  });
});

describe('a damaged file is refused with the place', () => {
  /** The sample with another value at a path. */
  const edited = (path: string, value: unknown): GuidellmResult => {
    const file: unknown = JSON.parse(SAMPLE_0_5);
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], file);
    (parent as Record<string, unknown>)[last] = value;
    return parse(JSON.stringify(file));
  };

  it.each<[string, GuidellmResult, { at: string; message: string }]>([
    ['empty', parse(''), { at: 'character 0', message: 'the file is empty' }],
    [
      'cut off',
      parse(SAMPLE_0_5.slice(0, 5_000)),
      { at: 'character 5000', message: 'the file is cut off: it ends in the middle' },
    ],
    [
      'no JSON',
      parse('{"benchmarks": [oops]}'),
      { at: 'character 16', message: 'the file is no JSON from here on' },
    ],
    ['a list', parse('[]'), { at: '$', message: 'an object is expected, not a list' }],
    [
      'something else',
      parse('{"kind": "Pod"}'),
      { at: '$.benchmarks', message: 'a list is expected, not nothing' },
    ],
    [
      'no stage',
      parse('{"benchmarks": []}'),
      {
        at: '$.benchmarks',
        message: 'there is no benchmark in it: the run ended before its first stage',
      },
    ],
    [
      'a later version',
      edited('metadata.version', 9),
      { at: '$.metadata.version', message: 'report version 9 is not known; 1 and 2 are' },
    ],
    [
      'a lost strategy',
      edited('benchmarks.2.config.strategy', undefined),
      { at: '$.benchmarks[2].config.strategy', message: 'an object is expected, not nothing' },
    ],
    [
      'text for a number',
      edited('benchmarks.1.metrics.time_to_first_token_ms.successful.percentiles.p95', 'fast'),
      {
        at: '$.benchmarks[1].metrics.time_to_first_token_ms.successful.percentiles.p95',
        message: 'a number is expected, not a string',
      },
    ],
    [
      'a stage of nothing',
      edited('benchmarks.1', null),
      { at: '$.benchmarks[1]', message: 'an object is expected, not null' },
    ],
  ])('%s', (_name, result, problem) => {
    expect(result).toEqual({ ok: false, problem: { file: 'benchmarks.json', ...problem } });
  });

  it('takes what Python writes for "not a number" as not known, but not inside of texts', () => {
    const text = SAMPLE_0_5.replace(/"p999":[\d.]+/, '"p999":NaN')
      .replace(/"mean":[\d.]+/, '"mean":-Infinity')
      .replace('"mistral-3-int4"', '"mistral-3-int4 NaN"');
    expect(run(text).model).toBe('mistral-3-int4 NaN');
    expect(run(text).stages[0]?.requestsPerSecond).toBeNull();
  });

  it('shows no latency where nothing was measured', () => {
    const nothing = edited('benchmarks.0.metrics.time_to_first_token_ms.successful', {
      count: 0,
      mean: 0,
      percentiles: {},
    });
    if (!nothing.ok) throw new Error(nothing.problem.message);
    expect(nothing.run.stages[0]?.ttftMs).toBeNull();
    const silent = edited('benchmarks.0.metrics.inter_token_latency_ms.successful', null);
    if (!silent.ok) throw new Error(silent.problem.message);
    expect(silent.run.stages[0]?.itlMs).toBeNull();
  });
});
