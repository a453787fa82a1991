import { expect, it } from 'vitest';
import { toOpenEndpoints } from './open-endpoints';

it('endpoints that answer anyone are named, and nothing is said where none is open', () => {
  expect([
    toOpenEndpoints([]),
    toOpenEndpoints(['distributed']),
    toOpenEndpoints(['baseline', 'distributed']),
  ]).toEqual([null, 'Distributed endpoint', 'Both endpoints']);
});
