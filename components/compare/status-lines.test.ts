import { describe, expect, it } from 'vitest';
import type { PlotEvent } from '@/components/charts/plot-model';
import { toNews } from './status-lines';

function anEvent(atMs: number, overrides: Partial<PlotEvent> = {}): PlotEvent {
  return {
    atMs,
    untilMs: null,
    isRunning: false,
    colour: '',
    isWarning: false,
    text: String(atMs),
    ...overrides,
  };
}

describe('news', () => {
  it('are the newest two, and what still runs stays among them', () => {
    const [one, two, three] = [anEvent(1), anEvent(2), anEvent(3)];
    const load = anEvent(0, { isRunning: true });
    expect(toNews([one, two, three])).toEqual([two, three]);
    expect(toNews([load, one, two, three])).toEqual([load, three]);
    expect(toNews([load])).toEqual([load]);
    expect(toNews([])).toEqual([]);
  });
});
