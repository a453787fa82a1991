import { describe, expect, test } from 'vitest';
import { normalizeNumberLabel, parsePage, parseSeriesText } from './exposition-parser.ts';

describe('a metrics page', () => {
  test('gives samples as written and metadata by family', () => {
    const page = parsePage(
      [
        '# HELP vllm:prompt_tokens_total Number of prefill tokens processed.',
        '# TYPE vllm:prompt_tokens_total counter',
        'vllm:prompt_tokens_total{engine="0",model_name="m"} 1.107114e+06',
        '# a remark',
        'up 1 1763973122000',
        'odd{a="} b"} +Inf',
        'none NaN',
        '',
      ].join('\n'),
    );
    expect(page.samples).toEqual([
      { seriesText: 'vllm:prompt_tokens_total{engine="0",model_name="m"}', value: 1_107_114 },
      { seriesText: 'up', value: 1 },
      { seriesText: 'odd{a="} b"}', value: Number.POSITIVE_INFINITY },
      { seriesText: 'none', value: Number.NaN },
    ]);
    expect(Object.fromEntries(page.metadata)).toEqual({
      'vllm:prompt_tokens_total': { type: 'counter', help: 'Number of prefill tokens processed.' },
    });
  });

  test.each(['<html>', 'name', 'name{a="b"} one', 'name 1.2.x'])('is refused for the line %s', (line) => {
    expect(() => parsePage(`good 1\n${line}\n`)).toThrow('malformed line');
  });

  test('exponents of three digits, as Python prints them, are numbers', () => {
    expect(parsePage('a 2.8713484288e+010').samples[0]?.value).toBe(28_713_484_288);
  });
});

describe('labels', () => {
  test('keep commas, braces and escapes of their values', () => {
    expect(parseSeriesText('x{a="b,c",d="e\\"f\\\\g\\nh",}')).toEqual({
      name: 'x',
      labels: [
        ['a', 'b,c'],
        ['d', 'e"f\\g\nh'],
      ],
    });
  });

  test('that are malformed are refused', () => {
    expect(() => parseSeriesText('x{a=b}')).toThrow('malformed labels');
  });

  test.each([
    ['1', '1.0'],
    ['0.25', '0.25'],
    ['1.0', '1.0'],
    ['1.048576e+06', '1.048576e+06'],
    ['+Inf', '+Inf'],
    ['0', '0.0'],
  ])('an edge of %s is stored as %s', (written, stored) => {
    expect(normalizeNumberLabel(written)).toBe(stored);
  });
});
