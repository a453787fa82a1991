import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../settings';
import { gateOf } from '../testing/judge-gate';
import { GATE_IDS } from './gate-row';
import { GATES } from './gate-table';

describe('the table of gates', () => {
  test('has every id of the contract once, causes before effects', () => {
    expect(GATES.map((row) => row.id)).toEqual([...GATE_IDS]);
    for (const [index, row] of GATES.entries()) {
      const earlier = GATES.slice(0, index).map((candidate) => candidate.id);
      expect(earlier).toEqual(expect.arrayContaining([...row.dependsOn]));
    }
  });

  test('every row says why, how to look, and what to do', () => {
    for (const row of GATES) {
      for (const text of [row.title, row.why, row.remedy, row.command(DEFAULT_SETTINGS)]) {
        expect(text.length).toBeGreaterThan(5);
      }
      if (row.document !== null) expect(row.document.url).toMatch(/^https:\/\/docs\.(redhat|nvidia)\.com\//);
    }
  });

  test('no command passes falsely on the operator CRD or on a name that merely contains another', () => {
    for (const row of GATES.filter((candidate) => candidate.id !== 'maas-inferencegateway-absent')) {
      expect(row.command(DEFAULT_SETTINGS)).not.toMatch(/grep -i/);
    }
  });

  test('every gate of the healthy demo passes, with evidence', () => {
    for (const id of GATE_IDS) {
      const gate = gateOf(id);
      expect({ id, status: gate.status, finding: gate.finding }).toEqual({
        id,
        status: 'pass',
        finding: gate.finding,
      });
      expect(gate.evidence.length).toBeGreaterThan(0);
    }
  });
});
