import { describe, expect, it } from 'vitest';
import { createPagePresence } from './page-presence';
import { createManualTimers } from './testing/manual-timers';

interface FakeLine {
  isClosed: boolean;
  end(wasOpen: boolean): void;
}

function aPage() {
  const timers = createManualTimers(0);
  const lines: FakeLine[] = [];
  const presence = createPagePresence({
    setTimer: timers.setTimer,
    openLine: (onEnd) => {
      const line = { isClosed: false, end: onEnd };
      lines.push(line);
      return {
        close: () => {
          line.isClosed = true;
        },
      };
    },
  });
  const closed = (): boolean[] => lines.map(({ isClosed }) => isClosed);
  return { timers, lines, closed, presence };
}

describe('the presence of a page', () => {
  it('has one line for all answers, from the first until a while after the last', async () => {
    const { timers, closed, presence } = aPage();
    const letGo = [presence.hold(), presence.hold(), presence.hold()];
    for (const release of letGo) {
      await timers.advance(60_000);
      expect(closed()).toEqual([false]);
      release();
      release();
    }
    await timers.advance(9_999);
    expect(closed()).toEqual([false]);
    await timers.advance(1);
    expect(closed()).toEqual([true]);
  });

  it('keeps the line for a question that follows soon, and opens another for a later one', async () => {
    const { timers, lines, closed, presence } = aPage();
    presence.hold()();
    await timers.advance(5_000);
    const letGo = presence.hold();
    await timers.advance(60_000);
    expect(closed()).toEqual([false]);
    letGo();
    await timers.advance(10_000);
    presence.hold();
    expect(closed()).toEqual([true, false]);
    // The first one says late that it ended.
    lines[0]?.end(true);
    presence.hold();
    expect(lines).toHaveLength(2);
  });

  it('opens another with the next answer when the line broke', () => {
    const { lines, presence } = aPage();
    presence.hold();
    lines[0]?.end(true);
    expect(lines).toHaveLength(1);
    presence.hold();
    expect(lines).toHaveLength(2);
  });

  it('does not go on trying where lines never open', () => {
    const { lines, presence } = aPage();
    for (let answers = 0; answers < 5; answers += 1) {
      presence.hold();
      lines.at(-1)?.end(false);
    }
    expect(lines).toHaveLength(2);
  });
});
