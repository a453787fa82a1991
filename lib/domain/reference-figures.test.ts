import { describe, expect, it } from 'vitest';
import { describeReference, REFERENCE_FIGURES } from './reference-figures';

describe.each(REFERENCE_FIGURES.map((figure) => [figure.id, figure] as const))('%s', (_id, figure) => {
  it('says what it was measured on, by whom and when, and that it was not here', () => {
    const text = describeReference(figure);
    expect(text).toContain('not measured here');
    for (const part of [figure.model, figure.hardware, figure.load, figure.source, figure.published]) {
      expect(text).toContain(part);
    }
    expect(figure.hardware).toMatch(/replica/);
    expect(figure.caution).not.toBe('');
  });

  it('rises by users, each user count once', () => {
    for (const { points } of figure.series) {
      const users = points.map(([count]) => count);
      expect(users).toEqual([...new Set(users)].sort((one, other) => one - other));
    }
  });
});
