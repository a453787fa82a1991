import { expect, test } from 'vitest';
import { goNumber, pythonNumber } from './number-text.ts';

test.each([
  [0, '0.0'],
  [11208, '11208.0'],
  [999999, '999999.0'],
  [1_000_000, '1e+06'],
  [1_107_114, '1.107114e+06'],
  [4_042_424_320, '4.04242432e+09'],
  [19_392_065_536, '1.9392065536e+010'],
  [1763712011.42, '1.76371201142e+09'],
  [0.03389312977099237, '0.03389312977099237'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0.000012345, '1.2345e-05'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NaN, 'NaN'],
])('writes %s as the Python client does', (value, text) => {
  expect(pythonNumber(value)).toBe(text);
});

test.each([
  [0, '0'],
  [2291, '2291'],
  [508_449, '508449'],
  [1_048_576, '1.048576e+06'],
  [2_329_447, '2.329447e+06'],
  [0.0001, '0.0001'],
  [0.000104527, '0.000104527'],
  [0.000041223, '4.1223e-05'],
  [230.031943150601, '230.031943150601'],
  [Number.POSITIVE_INFINITY, '+Inf'],
])('writes %s as the Go client does', (value, text) => {
  expect(goNumber(value)).toBe(text);
});
