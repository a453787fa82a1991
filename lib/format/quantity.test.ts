import { describe, expect, it } from 'vitest';
import {
  formatDecimal,
  formatQuantity,
  formatQuantityLine,
  formatSeconds,
  formatSignificant,
  formatTogether,
} from './quantity';

describe('formatDecimal', () => {
  it.each([
    [0, 0, '0'],
    [-0.001, 2, '0.00'],
    [-3.1, 2, '\u22123.10'],
    [1234, 0, '1\u202f234'],
    [1234567.891, 1, '1\u202f234\u202f567.9'],
    [999, 0, '999'],
  ])('%d with %d decimals is %s', (value, decimals, text) => {
    expect(formatDecimal(value, decimals)).toBe(text);
  });
});

describe('formatSignificant', () => {
  it.each([
    [0, '0'],
    [0.004, '0.00'],
    [1.234, '1.23'],
    [16.44, '16.4'],
    [139.4, '139'],
    [12345, '12\u202f345'],
  ])('%d is %s', (value, text) => {
    expect(formatSignificant(value)).toBe(text);
  });
});

describe('formatQuantity', () => {
  it.each([
    [0, 's', '0', 'ms'],
    [0.0042, 's', '4.2', 'ms'],
    [0.0614, 's', '61', 'ms'],
    [0.0994, 's', '99', 'ms'],
    [0.31, 's', '0.31', 's'],
    [1.844, 's', '1.84', 's'],
    [12.34, 's', '12.3', 's'],
    [123.4, 's', '123', 's'],
    [54, 'ms', '54', 'ms'],
    [1840, 'ms', '1.84', 's'],
    [0, 'ratio', '0', '%'],
    [0.0421, 'ratio', '4.2', '%'],
    [0.41, 'ratio', '41', '%'],
    [1, 'ratio', '100', '%'],
    [3072, 'tokens', '3\u202f072', 'tokens'],
    [2, 'requests', '2', 'requests'],
    [2.5, 'requests', '2.5', 'requests'],
    [4, '', '4', ''],
    [16.43, 'tokens/s', '16.4', 'tokens/s'],
    [139.2, 'tokens/s', '139', 'tokens/s'],
  ])('%d %s reads %s %s', (value, unit, digits, shownUnit) => {
    expect(formatQuantity(value, unit)).toEqual({ digits, unit: shownUnit });
  });

  it('never breaks the line between digits and unit', () => {
    expect(formatQuantityLine(1.84, 's')).toBe('1.84\u00a0s');
    expect(formatQuantityLine(4, '')).toBe('4');
  });
});

describe('formatTogether', () => {
  it('shows durations side by side in one unit', () => {
    expect(formatTogether([0.19, 0.0845], 's')).toEqual([
      { digits: '0.190', unit: 's' },
      { digits: '0.085', unit: 's' },
    ]);
    expect(formatTogether([61, 54], 'ms')).toEqual([
      { digits: '61', unit: 'ms' },
      { digits: '54', unit: 'ms' },
    ]);
  });

  it('leaves what is not known alone', () => {
    expect(formatTogether([null, 0.0845], 's')).toEqual([null, { digits: '85', unit: 'ms' }]);
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0.000'],
    [93.4, '0.093'],
    [99.6, '0.10'],
    [1_844, '1.84'],
    [12_340, '12.3'],
  ])('%d ms reads %s s', (milliseconds, digits) => {
    expect(formatSeconds(milliseconds)).toEqual({ digits, unit: 's' });
  });
});
