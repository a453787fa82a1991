import { describe, expect, it } from 'vitest';
import { aChecklist, aGate, NOON_MS } from '@/lib/client/testing/live-fixtures';
import type { Checklist, Gate } from '@/lib/domain/checklist';
import {
  isOutOfProof,
  neighbourGate,
  toBlockers,
  toChecklistView,
  toFoldedGroup,
  toGroups,
  toProofAt,
  toWord,
} from './checklist-model';

function aView(checklist: Checklist, options: { state?: 'live' | 'reconnecting'; silentMs?: number } = {}) {
  const { state = 'live', silentMs = 0 } = options;
  const live = { state, value: checklist, lastHeardAt: NOON_MS };
  return toChecklistView(live, isOutOfProof(live, NOON_MS + silentMs));
}

const BLOCKED: Partial<Gate> = { status: 'unknown', reason: 'blocked', layer: 'platform' };

describe('checklist view', () => {
  it('says GO with counts, and names what is worth knowing', () => {
    const warned = aGate({ id: 'leaderworkerset-api', required: false, status: 'warn' });
    const view = aView(
      aChecklist({ gates: [aGate(), warned, aGate({ id: 'connectivity-link', status: 'not-applicable' })] }),
    );
    expect(view.verdict).toBe('go');
    expect(view.summary).toEqual({ passes: '1 of 2 gates pass.', required: 'Nothing required is missing.' });
    expect(view.blockers).toEqual([]);
    expect(view.remarks).toEqual([warned]);
  });

  it('counts what is missing in words', () => {
    const gates = [
      aGate({ id: 'a', status: 'fail' }),
      aGate({ id: 'b', status: 'unknown' }),
      aGate({ id: 'c', status: 'warn', progressing: true }),
    ];
    expect(aView(aChecklist({ verdict: 'no-go', gates })).summary.required).toBe(
      '1 required gate fails, 1 more could not be proved and 1 is coming up.',
    );
    expect(aView(aChecklist({ gates: [aGate({ status: 'unknown' })] })).summary.required).toBe(
      '1 required gate could not be proved.',
    );
  });

  it('reads one missing operator as one problem, however many gates wait behind it', () => {
    const root = aGate({ id: 'rhoai-platform', status: 'fail', layer: 'platform' });
    const gates = [
      aGate({ id: 'distributed-answers', ...BLOCKED, blockedBy: 'distributed-ready' }),
      aGate({ id: 'distributed-ready', ...BLOCKED, blockedBy: 'rhoai-platform' }),
      root,
      aGate({ id: 'metrics-source', status: 'unknown', reason: 'unreachable' }),
    ];
    expect(toBlockers(gates)).toEqual([
      { gate: root, blocks: 2 },
      { gate: gates[3], blocks: 0 },
    ]);
  });

  it('survives gates that block each other and causes that are not there', () => {
    const circle = [
      aGate({ id: 'a', ...BLOCKED, blockedBy: 'b' }),
      aGate({ id: 'b', ...BLOCKED, blockedBy: 'a' }),
      aGate({ id: 'c', ...BLOCKED, blockedBy: 'gone' }),
    ];
    expect(toBlockers(circle).map(({ gate }) => gate.id)).toContain('c');
  });

  it('keeps the verdict through a short silence of the dashboard', () => {
    expect(aView(aChecklist(), { state: 'reconnecting', silentMs: 19_000 }).verdict).toBe('go');
    expect(aView(aChecklist(), { state: 'live', silentMs: 60_000 }).verdict).toBe('go');
  });

  it('knows no verdict after 20 s of silence, and says what it was', () => {
    const view = aView(aChecklist(), { state: 'reconnecting', silentMs: 20_001 });
    expect([view.verdict, view.was, view.blockers]).toEqual(['unknown', 'go', []]);
    expect(view.groups[0]?.gates[0]).toMatchObject({
      status: 'unknown',
      lastKnown: { status: 'pass', at: new Date(NOON_MS).toISOString() },
    });
  });

  it('groups by layer in the order of the show and leaves empty groups out', () => {
    const gates = [
      aGate({ id: 'm', layer: 'observability', status: 'warn' }),
      aGate(),
      aGate({ id: 'n', status: 'not-applicable' }),
    ];
    expect(toGroups(gates).map(({ layer, passed, applicable }) => [layer, passed, applicable])).toEqual([
      ['infrastructure', 1, 1],
      ['observability', 0, 1],
    ]);
  });

  it.each<[Partial<Gate>, string]>([
    [{ status: 'pass' }, 'pass'],
    [{ status: 'fail' }, 'fail'],
    [{ status: 'fail', reason: 'not-installed' }, 'not installed'],
    [{ status: 'unknown', reason: 'forbidden' }, 'no right to look'],
    [{ status: 'unknown', reason: null }, 'unknown'],
    [{ status: 'warn', progressing: true }, 'coming up'],
    [{ status: 'not-applicable' }, 'does not apply'],
  ])('has a word for %o', (overrides, word) => {
    expect(toWord(aGate(overrides))).toBe(word);
  });

  it('takes the latest evidence as the proof', () => {
    const gate = aGate();
    const evidence = gate.evidence.map((one) => ({ ...one, observedAt: '2025-12-29T12:00:05.000Z' }));
    expect(toProofAt({ ...gate, evidence: [...gate.evidence, ...evidence] })).toBe(
      '2025-12-29T12:00:05.000Z',
    );
    expect(toProofAt(aGate({ evidence: [] }))).toBeNull();
  });

  it('walks over all gates and holds at both ends', () => {
    const groups = toGroups([aGate({ id: 'a' }), aGate({ id: 'b', layer: 'platform' })]);
    expect(neighbourGate(groups, null, 'down')).toBe('a');
    expect(neighbourGate(groups, 'a', 'down')).toBe('b');
    expect(neighbourGate(groups, 'b', 'down')).toBe('b');
    expect(neighbourGate(groups, 'a', 'up')).toBe('a');
    expect(neighbourGate(groups, 'gone', 'up')).toBe('b');
    expect(neighbourGate([], null, 'down')).toBeNull();
  });
});

describe('what is told first', () => {
  it('is what fails, then what could not be proved, then warnings; required before optional', () => {
    const gates = [
      aGate({ id: 'warn', required: false, status: 'warn' }),
      aGate({ id: 'unknown', required: false, status: 'unknown', reason: 'forbidden' }),
      aGate({ id: 'waits', required: false, ...BLOCKED, blockedBy: 'fail' }),
      aGate({ id: 'required-warn', status: 'warn' }),
      aGate({ id: 'fail', required: false, status: 'fail' }),
    ];
    expect(aView(aChecklist({ gates })).remarks.map(({ id }) => id)).toEqual([
      'fail',
      'unknown',
      'required-warn',
      'warn',
    ]);
  });
});

describe('a group on stage', () => {
  const titles = new Map([['rhoai-platform', 'OpenShift AI']]);
  const fold = (gates: Gate[]) => {
    const [group] = toGroups(gates);
    if (group === undefined) throw new Error('no group');
    return toFoldedGroup(group, titles);
  };

  it('reads one missing operator as one line, however many gates wait for it', () => {
    const root = aGate({ id: 'rhoai-platform', status: 'fail' });
    const waiting = ['a', 'b', 'c'].map((id) =>
      aGate({ id, status: 'unknown', reason: 'blocked', blockedBy: 'rhoai-platform' }),
    );
    const pass = aGate({ id: 'p' });
    const absent = aGate({ id: 'n', status: 'not-applicable' });
    expect(fold([pass, ...waiting, root, absent])).toEqual({
      rows: [root],
      more: [],
      waiting: { roots: ['OpenShift AI'], gates: waiting },
      passing: [pass],
      absent: [absent],
    });
  });

  it('names in one line what there is no room for, the lightest last', () => {
    const unknowns = Array.from({ length: 12 }, (_, index) =>
      aGate({ id: `u${index}`, status: 'unknown', reason: 'forbidden', required: false }),
    );
    const fail = aGate({ id: 'f', status: 'fail', required: false });
    const { rows, more } = fold([...unknowns, fail, aGate({ id: 'p' })]);
    expect([rows[0], rows.length, more.length]).toEqual([fail, 4, 9]);
    expect([...rows, ...more]).toHaveLength(13);
  });
});
