import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type Provenance, toFigure } from '@/lib/domain/figure';
import { FigureValue } from './figure';

const PROVENANCE: Provenance = {
  mode: 'live',
  source: 'prometheus',
  request: 'q',
  observedAt: null,
  sampleCount: null,
  note: null,
};

/** Visible text of the markup. */
function textOf(markup: string): string {
  return markup.replace(/<[^>]*>/g, '');
}

describe('figure', () => {
  it('is a button that opens how we know it, named with its value', () => {
    const markup = renderToStaticMarkup(
      <FigureValue label="First token" figure={toFigure(1.844, 's', PROVENANCE, '')} />,
    );
    expect(markup).toMatch(/^<button type="button" aria-haspopup="dialog" aria-label="First token: 1\.84 s"/);
    expect(textOf(markup)).toBe('1.84\u2009s');
  });

  it('shows no number where there is none, and says why', () => {
    const markup = renderToStaticMarkup(
      <FigureValue label="First token" figure={toFigure(null, 's', PROVENANCE, 'no traffic')} size="hero" />,
    );
    expect(textOf(markup)).toBe('not measured no traffic');
    expect(markup).not.toMatch(/>[^<]*\d[^<]*</);
  });

  it('shows the digits its place wants without changing what it is', () => {
    const figure = toFigure(0.061, 's', PROVENANCE, '');
    const markup = renderToStaticMarkup(
      <FigureValue label="ITL" figure={figure} text={{ digits: '61', unit: '' }} />,
    );
    expect(textOf(markup)).toBe('61');
    expect(markup).toContain('aria-label="ITL: 61 ms"');
  });
});
