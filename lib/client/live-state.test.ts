import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/lib/contracts/live-event';
import { hasNewBuild, INITIAL_LIVE_STATE, type LiveState, reduceLive, toServerTime } from './live-state';
import { aChecklist, aGate, aPlacement, aStatus, NOON, NOON_MS } from './testing/live-fixtures';

const AT = NOON_MS + 40;
const SNAPSHOT: LiveEvent = {
  type: 'snapshot',
  seq: 7,
  status: aStatus(),
  checklist: aChecklist({ gates: [aGate(), aGate({ id: 'gpu-operator' })] }),
  placement: aPlacement(),
};

function stateAfter(...events: LiveEvent[]): LiveState {
  return events.reduce(
    (state, event) => reduceLive(state, { type: 'event', event, atMs: AT }),
    INITIAL_LIVE_STATE,
  );
}

describe('live state', () => {
  it('takes the snapshot whole', () => {
    expect(stateAfter(SNAPSHOT)).toEqual({
      ...INITIAL_LIVE_STATE,
      seq: 7,
      status: SNAPSHOT.status,
      checklist: SNAPSHOT.checklist,
      placement: SNAPSHOT.placement,
      firstBuildId: 'build-1',
      buildId: 'build-1',
      lastHeardAt: AT,
    });
  });

  it('applies a patch that follows and keeps what it does not touch', () => {
    const before = stateAfter(SNAPSHOT);
    const next = reduceLive(before, {
      type: 'event',
      event: {
        type: 'patch',
        seq: 8,
        target: 'checklist',
        ops: [{ op: 'replace', path: '/gates/1/status', value: 'fail' }],
      },
      atMs: AT,
    });
    expect(next.seq).toBe(8);
    expect(next.checklist?.gates[1]?.status).toBe('fail');
    expect(next.checklist?.gates[0]).toBe(before.checklist?.gates[0]);
    expect(next.placement).toBe(before.placement);
  });

  it.each<[string, LiveEvent]>([
    ['a number was skipped', { type: 'patch', seq: 9, target: 'status', ops: [] }],
    [
      'a patch does not fit',
      { type: 'patch', seq: 8, target: 'checklist', ops: [{ op: 'remove', path: '/gates/9' }] },
    ],
    [
      'the patched document is no checklist any more',
      {
        type: 'patch',
        seq: 8,
        target: 'checklist',
        ops: [{ op: 'replace', path: '/verdict', value: 'maybe' }],
      },
    ],
    ['a heartbeat counts further than we do', { type: 'heartbeat', seq: 8, at: NOON }],
  ])('asks for a snapshot when %s, and keeps the last values', (_, event) => {
    const state = stateAfter(SNAPSHOT, event);
    expect(state.isGapped).toBe(true);
    expect(state.checklist).toBe(SNAPSHOT.checklist);
    expect(stateAfter(SNAPSHOT, event, SNAPSHOT).isGapped).toBe(false);
  });

  it('ignores patches before a snapshot and repeats after it', () => {
    const patch: LiveEvent = {
      type: 'patch',
      seq: 7,
      target: 'status',
      ops: [{ op: 'remove', path: '/mode' }],
    };
    expect(stateAfter(patch)).toEqual({ ...INITIAL_LIVE_STATE, lastHeardAt: AT });
    expect(stateAfter(SNAPSHOT, patch)).toEqual(stateAfter(SNAPSHOT));
  });

  it('keeps the values when the link breaks', () => {
    const state = reduceLive(stateAfter(SNAPSHOT), { type: 'phase', phase: 'reconnecting' });
    expect(state).toEqual({ ...stateAfter(SNAPSHOT), phase: 'reconnecting' });
  });

  it('takes polled documents and waits for a snapshot before the next patch', () => {
    const status = aStatus({ mode: 'live' });
    const state = reduceLive(stateAfter(SNAPSHOT), {
      type: 'polled',
      status,
      checklist: aChecklist(),
      placement: aPlacement(),
      atMs: AT + 1,
    });
    expect(state.status).toBe(status);
    expect(state.seq).toBeNull();
    expect(state.lastHeardAt).toBe(AT + 1);
  });

  it('reads the server clock from the heartbeat with the least delay', () => {
    const late = new Date(AT - 300).toISOString();
    const prompt = new Date(AT - 20).toISOString();
    const state = stateAfter(
      { type: 'heartbeat', seq: 0, at: late },
      { type: 'heartbeat', seq: 0, at: prompt },
    );
    expect(state.clockOffsetMs).toBe(20);
    expect(toServerTime(state, AT)).toBe(AT - 20);
    expect(toServerTime(INITIAL_LIVE_STATE, AT)).toBe(AT);
  });

  it('notices another build, and remembers the one this page came from', () => {
    const hello = (buildId: string): LiveEvent => ({
      type: 'hello',
      buildId,
      mode: 'live',
      heartbeatMs: 5_000,
    });
    expect(hasNewBuild(stateAfter(hello('build-1')))).toBe(false);
    expect(hasNewBuild(stateAfter(hello('build-1'), hello('build-2')))).toBe(true);
    const adopted = reduceLive(stateAfter(hello('build-1')), {
      type: 'adopt',
      state: stateAfter(hello('build-2')),
    });
    expect(hasNewBuild(adopted)).toBe(true);
  });

  it('remembers who served an answer, up to a bound', () => {
    const events: LiveEvent[] = Array.from({ length: 120 }, (_, index) => ({
      type: 'served-by',
      requestId: `r${index}`,
      pod: 'rv4xr',
      method: 'counter',
    }));
    const state = stateAfter(...events);
    expect(state.servedBy).toHaveLength(100);
    expect(state.servedBy.at(-1)).toEqual({ requestId: 'r119', pod: 'rv4xr', method: 'counter' });
  });
});
