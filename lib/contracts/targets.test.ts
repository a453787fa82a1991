import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pricesFileSchema, targetsFileSchema } from './targets';

const PRICES = `
currency: USD
date: 2026-01-31
source: AWS on-demand, us-east-2
perGpuHour:
  g6.4xlarge: 1.32
`;
const TARGETS = `
serviceLevel: { ttftSeconds: 1, itlSeconds: 0.075, statistic: p95, source: our SLA }
targets:
  - { id: ttft, title: First token within a second, metric: ttft, arm: distributed, threshold: 1, source: our SLA }
  - { kind: throughput-at-service-level, id: capacity, title: More throughput at the same SLA, source: the plan }
`;

function problemOf(schema: typeof pricesFileSchema | typeof targetsFileSchema, text: string): string {
  const result = schema.safeParse(parse(text));
  if (result.success) return 'none';
  const [issue] = result.error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}

describe('the prices of PRICES_FILE', () => {
  it('carry currency, date and source', () => {
    expect(pricesFileSchema.parse(parse(PRICES))).toEqual({
      currency: 'USD',
      asOf: '2026-01-31',
      source: 'AWS on-demand, us-east-2',
      perGpuHour: { 'g6.4xlarge': 1.32 },
    });
  });

  it.each([
    ['no date', PRICES.replace(/date:.*\n/, ''), 'date'],
    ['no source', PRICES.replace(/source:.*\n/, ''), 'source'],
    ['a free GPU', PRICES.replace('1.32', '0'), 'perGpuHour.g6.4xlarge'],
    ['a currency in words', PRICES.replace('USD', 'dollars'), 'currency: must be three capital letters'],
    ['no price at all', PRICES.replace(/ {2}g6.*\n/, '  {}\n'), 'perGpuHour: must name at least one'],
    ['another key', `${PRICES}vat: 19\n`, 'Unrecognized key'],
  ])('are refused with %s, and the place is named', (_name, text, place) => {
    expect(problemOf(pricesFileSchema, text)).toContain(place);
  });
});

describe('the targets of TARGETS_FILE', () => {
  it('are lines and the hypothesis about throughput, with the service level in milliseconds', () => {
    expect(targetsFileSchema.parse(parse(TARGETS))).toEqual({
      serviceLevel: { ttftMs: 1_000, itlMs: 75, statistic: 'p95', source: 'our SLA' },
      hypotheses: [
        {
          kind: 'line',
          id: 'ttft',
          title: 'First token within a second',
          metric: 'ttft',
          arm: 'distributed',
          threshold: 1,
          statistic: 'p95',
          source: 'our SLA',
        },
        {
          kind: 'throughput-at-service-level',
          id: 'capacity',
          title: 'More throughput at the same SLA',
          source: 'the plan',
        },
      ],
    });
  });

  it.each([
    ['an unknown metric', TARGETS.replace('metric: ttft', 'metric: users'), 'targets.0'],
    ['no source', TARGETS.replaceAll(', source: our SLA }\n  -', ' }\n  -'), 'targets.0'],
    ['no service level', TARGETS.replace(/serviceLevel.*\n/, ''), 'serviceLevel'],
  ])('are refused with %s, and the place is named', (_name, text, place) => {
    expect(problemOf(targetsFileSchema, text)).toContain(place);
  });
});
