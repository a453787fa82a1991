import { describe, expect, it } from 'vitest';
import { CHART_IDS, chooseWaitUnit, inReadingOrder, toChartLook, toPages } from './chart-looks';

describe('unit of the first token', () => {
  it('stays what it was while the value swings between the two limits', () => {
    expect([chooseWaitUnit(null, 0.1), chooseWaitUnit(null, 2), chooseWaitUnit(null, 0.6)]).toEqual([
      'ms',
      's',
      's',
    ]);
    expect([chooseWaitUnit('ms', 0.79), chooseWaitUnit('ms', 0.81)]).toEqual(['ms', 's']);
    expect([chooseWaitUnit('s', 0.41), chooseWaitUnit('s', 0.39)]).toEqual(['s', 'ms']);
    expect(chooseWaitUnit('ms', null)).toBe('ms');
  });

  it('is the unit of its chart as well', () => {
    expect([toChartLook('ttft', 'ms').unit, toChartLook('ttft', 's').unit]).toEqual(['ms', 's']);
    expect(toChartLook('e2e', 'ms').unit).toBe('s');
  });
});

describe('pages', () => {
  it('hold every chart once, what the claim is about first', () => {
    const ordered = inReadingOrder(CHART_IDS);
    expect([...ordered].sort()).toEqual([...CHART_IDS].sort());
    expect(toPages(ordered, 6)[0]).toEqual([
      'ttft',
      'itl',
      'queue-waiting',
      'kv-cache',
      'generation-throughput',
      'running',
    ]);
    expect(toPages(ordered, 6).flat()).toEqual(ordered);
    expect(toPages([], 6)).toEqual([]);
  });
});
