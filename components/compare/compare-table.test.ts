import { describe, expect, it } from 'vitest';
import type { BreakdownPart } from '@/lib/domain/compare';
import { aCompare, aMetric, aSeries } from '@/lib/domain/testing/compare-fixtures';
import { toCompareFrame } from './compare-frame';
import { DEFAULT_COMPARE_SCENE } from './compare-scene';
import { toRoles } from './compare-table';

function aPart(by: BreakdownPart['by'], name: string): BreakdownPart {
  return { by, name, promql: '', latest: 1, latestMean: null, points: [] };
}

describe('roles of a metric', () => {
  it('have a row each, once for both arms; pods and reasons have none', () => {
    const arms = [
      aSeries({ breakdown: [aPart('pod', 'x-aaaaa'), aPart('role', 'decode')] }),
      aSeries({ arm: 'distributed', breakdown: [aPart('role', 'prefill'), aPart('role', 'decode')] }),
    ];
    const frame = toCompareFrame(aCompare({ metrics: [aMetric({ arms })] }), null, DEFAULT_COMPARE_SCENE);
    expect(toRoles(frame, 'ttft')).toEqual(['decode', 'prefill']);
    expect(toRoles(frame, 'itl')).toEqual([]);
  });
});
