import { describe, expect, it } from 'vitest';
import { type Provenance, toFigure } from '@/lib/domain/figure';
import { toFigureSheet } from './provenance-model';

const PROVENANCE: Provenance = {
  mode: 'simulated',
  source: 'prometheus',
  request: 'sum(rate(vllm:generation_tokens_total[2m]))',
  observedAt: '2025-12-29T12:00:00.000Z',
  sampleCount: 412,
  note: 'Mean over the window.',
};

describe('provenance sheet', () => {
  it('answers how we know: mode, source, query, time, samples, meaning, unit', () => {
    expect(toFigureSheet('Output', toFigure(139.2, 'tokens/s', PROVENANCE, ''))).toEqual({
      title: 'Output',
      lead: '139\u00a0tokens/s',
      sections: [
        {
          heading: null,
          rows: [
            { kind: 'text', name: 'Mode', value: 'SIMULATED' },
            { kind: 'text', name: 'Source', value: 'Prometheus' },
            { kind: 'code', name: 'PromQL', value: PROVENANCE.request },
            { kind: 'time', name: 'Observed', value: PROVENANCE.observedAt },
            { kind: 'text', name: 'Samples', value: '412' },
            { kind: 'text', name: 'Meaning', value: 'Mean over the window.' },
            { kind: 'text', name: 'Unit', value: 'tokens/s' },
          ],
        },
      ],
    });
  });

  it('says that a figure was not measured, and why, and shows no number', () => {
    const sheet = toFigureSheet(
      'Output',
      toFigure(null, 'tokens/s', { ...PROVENANCE, observedAt: null }, 'no traffic'),
    );
    expect(sheet.lead).toBe('Not measured: no traffic');
    expect(sheet.sections[0]?.rows).toContainEqual({ kind: 'text', name: 'Observed', value: 'not yet' });
  });
});
