import { describe, expect, it } from 'vitest';
import { laneName, laneShortName } from './lane-looks';

describe('names of lanes', () => {
  it('are the arms’, and the paths’ where one arm runs by two', () => {
    expect([laneName('baseline', 'race', null), laneName('distributed', 'race', 'route')]).toEqual([
      'INT4 baseline',
      'Distributed',
    ]);
    expect([
      laneName('distributed-2', 'paths', 'route'),
      laneName('distributed', 'paths', 'gateway'),
      laneName('distributed', 'paths', null),
    ]).toEqual(['llm-d by Route', 'llm-d by Gateway', 'llm-d by the best path']);
  });

  it('are short where a sentence compares', () => {
    expect([
      laneShortName('baseline', 'race', null),
      laneShortName('distributed', 'race', 'route'),
      laneShortName('distributed-2', 'paths', 'route'),
      laneShortName('distributed', 'paths', null),
    ]).toEqual(['INT4', 'llm-d', 'Route', 'best path']);
  });
});
