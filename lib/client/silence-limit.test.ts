import { describe, expect, it, vi } from 'vitest';
import { limitSilence } from './silence-limit';
import { createManualTimers } from './testing/manual-timers';

function aLimit() {
  const timers = createManualTimers(0);
  const onSilent = vi.fn();
  return { timers, onSilent, limit: limitSilence(onSilent, timers.setTimer) };
}

describe('the limit of silence', () => {
  it('is nine seconds more than the dashboard waits, and told once', async () => {
    for (const [promisedMs, afterMs] of [
      [1_000, 10_000],
      [30_000, 39_000],
    ] as const) {
      const { timers, onSilent, limit } = aLimit();
      limit.promise(promisedMs);
      await timers.advance(afterMs - 1);
      expect(onSilent).not.toHaveBeenCalled();
      await timers.advance(1);
      expect(onSilent.mock.calls).toEqual([[afterMs]]);
      await timers.advance(60_000);
      expect(onSilent).toHaveBeenCalledTimes(1);
    }
  });

  it('begins anew with whatever is heard', async () => {
    const { timers, onSilent, limit } = aLimit();
    limit.promise(1_000);
    for (let times = 0; times < 20; times += 1) {
      await timers.advance(9_000);
      limit.heard();
    }
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('is none where nothing was promised, where silence is borne for ever, and after its end', async () => {
    const unpromised = aLimit();
    const endless = aLimit();
    endless.limit.promise(0);
    const stopped = aLimit();
    stopped.limit.promise(1_000);
    stopped.limit.stop();
    for (const { timers, limit, onSilent } of [unpromised, endless, stopped]) {
      limit.heard();
      await timers.advance(600_000);
      expect(onSilent).not.toHaveBeenCalled();
    }
  });

  it('does not take the sleep of its own page for silence: a look that comes late counts once', () => {
    const due: (() => void)[] = [];
    const onSilent = vi.fn();
    const limit = limitSilence(onSilent, (callback) => {
      due.push(callback);
      return () => undefined;
    });
    limit.promise(1_000);
    // However long this page slept: it has looked nine times, and then reads what has come meanwhile.
    for (let looks = 0; looks < 9; looks += 1) due.shift()?.();
    limit.heard();
    due.shift()?.();
    expect(onSilent).not.toHaveBeenCalled();
  });
});
