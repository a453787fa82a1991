import type { ValueType } from './promql-syntax.ts';
import { RANGE_FUNCTIONS } from './range-functions.ts';
import { TIME_FUNCTIONS, VALUE_FUNCTIONS } from './value-functions.ts';

/** What a function takes and gives. How it is computed depends on its group. */
export interface FunctionSignature {
  takes: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  optional?: number;
  /** The last argument may be repeated or left out. */
  isVariadic?: boolean;
  returns: ValueType;
}

const INSTANT: ValueType = 'instant vector';
const RANGE: ValueType = 'range vector';
const SCALAR: ValueType = 'scalar';
const STRING: ValueType = 'string';

const ranges = Object.keys(RANGE_FUNCTIONS).map((name): [string, FunctionSignature] => {
  if (name === 'quantile_over_time') return [name, { takes: [SCALAR, RANGE], returns: INSTANT }];
  if (name === 'predict_linear') return [name, { takes: [RANGE, SCALAR], returns: INSTANT }];
  return [name, { takes: [RANGE], returns: INSTANT }];
});

const values = Object.keys(VALUE_FUNCTIONS).map((name): [string, FunctionSignature] => {
  if (name === 'round') return [name, { takes: [INSTANT, SCALAR], optional: 1, returns: INSTANT }];
  if (name === 'clamp') return [name, { takes: [INSTANT, SCALAR, SCALAR], returns: INSTANT }];
  if (name.startsWith('clamp_')) return [name, { takes: [INSTANT, SCALAR], returns: INSTANT }];
  return [name, { takes: [INSTANT], returns: INSTANT }];
});

const times = Object.keys(TIME_FUNCTIONS).map((name): [string, FunctionSignature] => [
  name,
  { takes: [INSTANT], optional: 1, returns: INSTANT },
]);

/** Computed by the evaluator itself. */
const vectors: readonly [string, FunctionSignature][] = [
  ['absent', { takes: [INSTANT], returns: INSTANT }],
  ['absent_over_time', { takes: [RANGE], returns: INSTANT }],
  ['histogram_quantile', { takes: [SCALAR, INSTANT], returns: INSTANT }],
  ['label_join', { takes: [INSTANT, STRING, STRING, STRING], isVariadic: true, returns: INSTANT }],
  ['label_replace', { takes: [INSTANT, STRING, STRING, STRING, STRING], returns: INSTANT }],
  ['pi', { takes: [], returns: SCALAR }],
  ['scalar', { takes: [INSTANT], returns: SCALAR }],
  ['sort', { takes: [INSTANT], returns: INSTANT }],
  ['sort_desc', { takes: [INSTANT], returns: INSTANT }],
  ['time', { takes: [], returns: SCALAR }],
  ['timestamp', { takes: [INSTANT], returns: INSTANT }],
  ['vector', { takes: [SCALAR], returns: INSTANT }],
];

export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map([
  ...ranges,
  ...values,
  ...times,
  ...vectors,
]);
