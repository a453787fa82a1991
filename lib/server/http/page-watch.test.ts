import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createPageWatch, type OpenedLine, type PageWatch } from './page-watch';

interface Scene {
  clock: ManualClock;
  pages: PageWatch;
  /** Everything that was done, in order, by names. */
  seen: string[];
  /** Runs what waits until the input was read. */
  readInput(): void;
  openLine(page: string, name?: string): OpenedLine;
  ask(page: string, name: string): () => void;
  /** Time goes by; the browsers of these lines answer every ping, a little later. */
  pass(milliseconds: number, ...answering: OpenedLine[]): void;
}

function aScene(silentSeconds = 1): Scene {
  const clock = createManualClock();
  const seen: string[] = [];
  let waiting: (() => void)[] = [];
  const pages = createPageWatch({ clock, silentSeconds, afterInput: (callback) => waiting.push(callback) });
  const readInput = (): void => {
    const ready = waiting;
    waiting = [];
    for (const callback of ready) callback();
  };
  return {
    clock,
    pages,
    seen,
    readInput,
    openLine: (page, name = page) => {
      const opened = pages.listen(page, {
        ping: () => seen.push(`ping ${name}`),
        close: () => seen.push(`close ${name}`),
      });
      if (opened === null) throw new Error('no line');
      return opened;
    },
    ask: (page, name) =>
      pages.watch(page, {
        onBeat: () => seen.push(`beat ${name}`),
        onGone: (silentMs) => seen.push(`gone ${name} ${silentMs}`),
      }),
    pass: (milliseconds, ...answering) => {
      for (let passed = 0; passed < milliseconds; passed += 50) {
        clock.advance(50);
        for (const line of answering) line.answered();
        readInput();
      }
    },
  };
}

const goneOf = (seen: readonly string[]): string[] => seen.filter((entry) => entry.startsWith('gone'));

describe('the watch over pages', () => {
  it('pings a page five times a second while its answers run, tells them beats, and rests otherwise', () => {
    const { clock, seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    expect([seen, clock.pending()]).toEqual([[], []]);
    const stop = ask('p', 'a');
    expect(seen).toEqual(['ping p']);
    line.answered();
    expect(seen).toEqual(['ping p', 'beat a']);
    pass(400, line);
    expect(seen.slice(2)).toEqual(['ping p', 'beat a', 'ping p', 'beat a']);
    stop();
    pass(5_000);
    expect(seen).toHaveLength(6);
    expect(clock.pending()).toEqual([]);
  });

  it('gives up all answers of a page that fell silent within a second of its last sign, once', () => {
    const { seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    ask('p', 'b');
    pass(2_000, line);
    pass(800);
    expect(goneOf(seen)).toEqual([]);
    pass(50);
    expect(seen.slice(-3)).toEqual(['gone a 850', 'gone b 850', 'close p']);
    pass(5_000);
    expect(goneOf(seen)).toHaveLength(2);
  });

  it('leaves the answers of other pages alone', () => {
    const { seen, openLine, ask, pass } = aScene();
    const [gone, there] = [openLine('p'), openLine('q')];
    ask('p', 'a');
    ask('q', 'b');
    pass(1_000, gone, there);
    pass(5_000, there);
    expect(goneOf(seen)).toEqual(['gone a 850']);
    expect(seen.at(-1)).toBe('beat b');
  });

  it('does not miss a page that never gave a sign: no line, or one that nobody answers', () => {
    const { seen, openLine, ask, pass } = aScene();
    ask('curl', 'a');
    openLine('deaf');
    ask('deaf', 'b');
    pass(10_000);
    expect(seen.filter((entry) => !entry.startsWith('ping'))).toEqual([]);
  });

  it('goes back to not missing a page whose line ended; its beats go on, because they were promised', () => {
    const { seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    pass(1_000, line);
    line.ended();
    const before = seen.length;
    pass(10_000);
    expect(seen.slice(before)).toEqual(Array(50).fill('beat a'));
  });

  it('listens anew with each question: the silence between them counts for nothing', () => {
    const { seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    const stop = ask('p', 'a');
    pass(1_000, line);
    stop();
    pass(30_000);
    ask('p', 'b');
    pass(3_000, line);
    expect(goneOf(seen)).toEqual([]);
    pass(900);
    expect(goneOf(seen)).toEqual(['gone b 850']);
  });

  it('takes a line that opens, or comes back, in mid-answer', () => {
    const { seen, openLine, ask, pass } = aScene();
    ask('p', 'a');
    const first = openLine('p', 'first');
    pass(400, first);
    const second = openLine('p', 'second');
    expect(seen.slice(-2)).toEqual(['close first', 'ping second']);
    first.ended();
    pass(400, second);
    pass(900);
    expect(seen.slice(-2)).toEqual(['gone a 850', 'close second']);
  });

  it('counts no time in which it did not look itself', () => {
    const { clock, seen, openLine, ask, pass, readInput } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    pass(1_000, line);
    pass(600);
    // The process stood still for three seconds: its timer is that late.
    clock.stall(3_000);
    readInput();
    pass(100);
    expect(goneOf(seen)).toEqual([]);
    pass(300);
    expect(goneOf(seen)).toHaveLength(1);
  });

  it('reads what has come before it gives anybody up', () => {
    const { clock, seen, openLine, ask, pass, readInput } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    pass(1_000, line);
    clock.advance(900);
    // The answer lay in the socket when the timer ran.
    line.answered();
    readInput();
    pass(3_000, line);
    expect(goneOf(seen)).toEqual([]);
  });

  it('bears a way whose signs come unevenly, twice its longest recent pause and at most five seconds', () => {
    const { seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    for (const pauseMs of [600, 800, 1_400, 2_400, 4_300]) {
      pass(50, line);
      pass(pauseMs);
      line.answered();
    }
    expect(goneOf(seen)).toEqual([]);
    pass(4_950);
    expect(goneOf(seen)).toEqual([]);
    pass(50);
    expect(goneOf(seen)).toEqual(['gone a 5000']);
  });

  it('forgets the pauses of a way that has become even', () => {
    const { seen, openLine, ask, pass } = aScene();
    const line = openLine('p');
    ask('p', 'a');
    pass(50, line);
    pass(800);
    line.answered();
    pass(5_000, line);
    pass(900);
    expect(goneOf(seen)).toEqual(['gone a 850']);
  });

  it('waits as long as it was told to, or gives nobody up', () => {
    const patient = aScene(5);
    const endless = aScene(0);
    for (const { openLine, ask, pass } of [patient, endless]) {
      const line = openLine('p');
      ask('p', 'a');
      pass(1_000, line);
      pass(4_800);
    }
    expect([goneOf(patient.seen), goneOf(endless.seen)]).toEqual([[], []]);
    for (const { pass } of [patient, endless]) pass(60_000);
    expect([goneOf(patient.seen), goneOf(endless.seen)]).toEqual([['gone a 4850'], []]);
  });

  it('listens to a thousand pages and not to more, and to another when one has gone', () => {
    const { pages } = aScene();
    const silent = { ping: () => undefined, close: () => undefined };
    const lines = Array.from({ length: 1_000 }, (_, index) => pages.listen(`p${index}`, silent));
    expect(lines).not.toContain(null);
    expect(pages.listen('one more', silent)).toBeNull();
    lines[0]?.ended();
    expect(pages.listen('one more', silent)).not.toBeNull();
  });

  it('closes every line at the end', () => {
    const { seen, pages, openLine } = aScene();
    openLine('p');
    openLine('q');
    pages.close();
    expect(seen).toEqual(['close p', 'close q']);
  });
});
