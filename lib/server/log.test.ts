import { describe, expect, it } from 'vitest';
import { createLog, createTroubleLog } from './log';

/** The lines that a log wrote. */
function writing(work: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  work(createLog('info', { write: (text) => lines.push(text) }));
  return lines;
}

describe('log', () => {
  it('A25: writes one line of JSON whatever an error quotes, without a character that steers a terminal', () => {
    const quoted = 'a\r\n{"level":60}\u001b[31m\u009b2J\u202Eb';
    const [line, ...more] = writing((log) => log.warn({ err: new Error(quoted) }, 'upstream failed'));
    expect(more).toEqual([]);
    expect(line?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 40,
      msg: 'upstream failed',
      err: { name: 'Error', message: 'a\r\n{"level":60}\u001b[31m[U+009B]2J[U+202E]b' },
    });
  });

  it('A25: cuts a message of a megabyte, and says how long it was', () => {
    const [line = ''] = writing((log) =>
      log.warn({ err: new Error('x'.repeat(1_000_000)) }, 'upstream failed'),
    );
    expect(line.length).toBeLessThan(3_000);
    expect(JSON.parse(line).err.message).toMatch(/x… \(1000000 characters\)$/);
  });

  it('A47: tells the same trouble once per half minute, with how often it came', () => {
    let nowMs = 0;
    const lines = writing((log) => {
      const tell = createTroubleLog(log, () => nowMs);
      for (nowMs = 0; nowMs <= 60_000; nowMs += 100) tell('metrics', new Error('refused'));
    });
    expect(lines.map((line) => JSON.parse(line).timesSinceLast)).toEqual([0, 299, 299]);
  });
});
