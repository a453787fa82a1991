import { describe, expect, it } from 'vitest';
import { aPlacement, aPod } from '@/lib/client/testing/live-fixtures';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toRaceSheet } from './race-sheet';

const GPUS = { id: 'gpus' as const, value: 1, source: 'ready engine pods: int4-a' };
const BASELINE: LaneFacts = {
  arm: 'baseline',
  servedModelName: 'int4',
  facts: [GPUS],
  configuredFacts: null,
  podsSeenAt: null,
  paths: [],
  usedPath: 'route',
  sendsKey: false,
  trustsOwnCa: false,
};
const CONFIGURED: LaneFacts = {
  ...BASELINE,
  arm: 'distributed',
  facts: [{ ...GPUS, value: 2, source: 'ready engine pods: llmd-a, llmd-b' }],
  configuredFacts: [{ ...GPUS, value: null, source: 'nobody says' }],
  usedPath: 'override',
};
const LANES = [
  { lane: 'baseline' as const, name: 'INT4', turns: [], path: null },
  { lane: 'distributed' as const, name: 'llm-d', turns: [], path: null },
];
const sheet = (placement: Parameters<typeof toRaceSheet>[0]['placement']) =>
  toRaceSheet({
    note: { equal: 'Same prompt.', notEqual: 'Not known: GPUs.' },
    lanes: LANES,
    facts: [BASELINE, CONFIGURED],
    factsAt: null,
    placement,
  });

describe('the sheet of a race', () => {
  it('has the sentences whole, and who told each fact of each lane, by the way that lane takes', () => {
    const { lead, sections } = sheet(null);
    expect(lead).toBe('Same prompt. Not known: GPUs.');
    expect(sections[0]).toEqual({
      heading: 'GPUs',
      rows: [
        { kind: 'text', name: 'INT4', value: '1 · ready engine pods: int4-a' },
        { kind: 'text', name: 'llm-d', value: 'not known: nobody says' },
      ],
    });
    expect(sections.at(-1)?.rows).toEqual([
      { kind: 'text', name: 'Load', value: 'not known: the metrics are not live' },
    ]);
  });

  it('says what the engines ran, with query and time, but not of a configured URL', () => {
    const placement = aPlacement({
      pods: [aPod({ name: 'int4-a', arm: 'baseline' }), aPod({ name: 'llmd-a', arm: 'distributed' })],
      activity: ['int4-a', 'llmd-a'].map((pod) => ({
        pod,
        running: 3,
        waiting: null,
        kvCacheUsageRatio: null,
        tokensPerSecond: null,
        sampledAt: '2025-12-29T12:00:00.000Z',
        promql: 'running',
        gpu: null,
      })),
    });
    expect(sheet(placement).sections.at(-1)?.rows).toEqual([
      { kind: 'text', name: 'INT4', value: '3 in int4-a' },
      { kind: 'text', name: 'llm-d', value: 'not known of a configured URL' },
      { kind: 'code', name: 'PromQL', value: 'running' },
      { kind: 'time', name: 'Sampled', value: '2025-12-29T12:00:00.000Z' },
    ]);
  });
});
