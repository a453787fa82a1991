import { describe, expect, test } from 'vitest';
import { parseQuery, parseSelector } from './promql-parse.ts';

const problem = (query: string): string => {
  try {
    parseQuery(query);
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
  return 'no problem';
};

describe('queries that cannot be read are refused in the words of Prometheus', () => {
  test.each([
    ['', '1:1: parse error: no expression found in input'],
    ['sum(x', '1:6: parse error: unclosed left parenthesis'],
    ['rate(x[5m', '1:10: parse error: unclosed left bracket'],
    ['x{a="b"', '1:8: parse error: unexpected end of input inside braces'],
    ['sum(x))', "1:8: parse error: unexpected right parenthesis ')'"],
    ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['a == == b', '1:6: parse error: unexpected <op:==>'],
    ['foo(x)', '1:1: parse error: unknown function with name "foo"'],
    ['sum(\n  rat(x[5m]))', '2:3: parse error: unknown function with name "rat"'],
    ['x{a=~"("}', '1:3: parse error: error parsing regexp: missing closing ): `^(?s:()$`'],
    ['x{a=~"(?!b)"}', '1:3: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?!b)`'],
    ['{a=""}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{__name__="y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
    [
      'rate(x)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    [
      'sum(x[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
    ['round(x, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    [
      'histogram_quantile(0.5)',
      '1:1: parse error: expected 2 argument(s) in call to "histogram_quantile", got 1',
    ],
    [
      'topk(x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['1 > 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['x + bool y', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['x and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['x and on(a) group_left y', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'x * on(a) group_left(a) y',
      '1:3: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['(x + y)[5m]', '1:1: parse error: ranges only allowed for vector selectors'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
    [
      '-"a"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
  ])('%j', (query, message) => {
    expect(problem(query)).toBe(message);
  });

  test.each([
    ['limitk(1, x)', 'limitk() is not supported by this server'],
    ['mad_over_time(x[5m])', 'function "mad_over_time" is not supported by this server'],
    ['histogram_fraction(0, 1, x)', 'function "histogram_fraction" is not supported by this server'],
    ['rate(x[2*1m])', 'duration expressions are not supported by this server'],
    ['x smoothed', 'not supported by this server'],
  ])('%s is named as not supported', (query, message) => {
    expect(problem(query)).toContain(message);
  });
});

describe('precedence', () => {
  test('offset, @ and subqueries belong to the operand before them, not to the whole expression', () => {
    expect(parseQuery('a / b offset 5m')).toMatchObject({
      kind: 'binary',
      left: { kind: 'vector-selector', name: 'a', offsetMs: 0 },
      right: { kind: 'vector-selector', name: 'b', offsetMs: 300_000 },
    });
    expect(parseQuery('a - -b @ end()')).toMatchObject({
      kind: 'binary',
      left: { at: null },
      right: { kind: 'negation', inner: { name: 'b', at: 'end' } },
    });
    expect(parseQuery('a + max_over_time(b[5m:30s])')).toMatchObject({
      kind: 'binary',
      right: { kind: 'call' },
    });
  });

  test('a power binds tighter than the sign before it', () => {
    expect(parseQuery('-2^2')).toMatchObject({
      kind: 'negation',
      inner: { operator: '^', left: { value: 2 } },
    });
    expect(parseQuery('2^3^2')).toMatchObject({ right: { operator: '^' } });
  });
});

test('reads matchers, durations and escapes', () => {
  expect(parseQuery('x{a!~"b\\n.*",c=\'d\',} [1h30m] offset -15s')).toMatchObject({
    kind: 'matrix-selector',
    rangeMs: 5_400_000,
    selector: {
      offsetMs: -15_000,
      matchers: [
        { name: '__name__', operator: '=', value: 'x' },
        { name: 'a', operator: '!~', value: 'b\n.*' },
        { name: 'c', operator: '=', value: 'd' },
      ],
    },
  });
});

test('a series selector is nothing but matchers', () => {
  expect(parseSelector('{namespace="private-ai"}')).toHaveLength(1);
  expect(() => parseSelector('sum(x)')).toThrow('expected a series selector');
});
