import type { SetTimer } from './page-timer';

const LOOK_MS = 1_000;
/** Longer than the dashboard itself waits: what it has to say, or the end of the connection, may be on its way. */
const GRACE_MS = 9_000;

export interface SilenceLimit {
  /** Something came. */
  heard(): void;
  /** The dashboard promises beats from now on, and gives this page up after so long without a sign; 0: never. */
  promise(silentMs: number): void;
  stop(): void;
}

/**
 * Ends a stream that was promised beats and has none. It counts its own looks instead of reading a clock: a page that was
 * frozen or whose timers are slowed down has looked less often, and does not take its own sleep for silence.
 */
export function limitSilence(onSilent: (silentMs: number) => void, setTimer: SetTimer): SilenceLimit {
  let looksLeft = Number.POSITIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  let cancel = (): void => {};
  const look = (): void => {
    looksLeft -= 1;
    if (looksLeft > 0) cancel = setTimer(look, LOOK_MS);
    else onSilent(most * LOOK_MS);
  };
  return {
    heard: () => {
      looksLeft = most;
    },
    promise: (silentMs) => {
      const isFirst = most === Number.POSITIVE_INFINITY;
      if (silentMs === 0 || !isFirst) return;
      most = Math.ceil((silentMs + GRACE_MS) / LOOK_MS);
      looksLeft = most;
      cancel = setTimer(look, LOOK_MS);
    },
    stop: () => cancel(),
  };
}
