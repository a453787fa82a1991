import 'server-only';
import type { Clock } from '@/lib/server/clock';

/** How long the first lane waits for the other (contract, `raceId`). */
const HOLD_MS = 500;

/** One lane's place at the start line. */
export interface RaceLane {
  /** Says when this lane's request left; gives the distance to the other lane's, `null` when it runs alone. */
  sent(atMs: number): Promise<number | null>;
  /** This lane will not send: the other must not wait to hear when. */
  leave(): void;
}

export interface RaceGate {
  /** Waits for the other lane of the race; both are released in one tick. */
  enter(raceId: string): Promise<RaceLane>;
}

export function createRaceGate(clock: Clock): RaceGate {
  const waiting = new Map<string, (pair: StartLine) => void>();

  return {
    enter(raceId) {
      const release = waiting.get(raceId);
      if (release !== undefined) {
        waiting.delete(raceId);
        const line = createStartLine(2);
        release(line);
        return Promise.resolve(line.lane());
      }
      return new Promise((resolve) => {
        const cancel = clock.after(HOLD_MS, () => {
          waiting.delete(raceId);
          resolve(createStartLine(1).lane());
        });
        waiting.set(raceId, (line) => {
          cancel();
          resolve(line.lane());
        });
      });
    },
  };
}

interface StartLine {
  lane(): RaceLane;
}

function createStartLine(lanes: 1 | 2): StartLine {
  const sentAt: number[] = [];
  let settle: (skewMs: number | null) => void = () => undefined;
  const skew = new Promise<number | null>((resolve) => {
    settle = resolve;
  });
  if (lanes === 1) settle(null);
  return {
    lane: () => ({
      sent(atMs) {
        sentAt.push(atMs);
        const [first, second] = sentAt;
        if (first !== undefined && second !== undefined) settle(Math.abs(second - first));
        return skew;
      },
      leave: () => settle(null),
    }),
  };
}
