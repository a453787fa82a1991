/** Calls back once after the delay, unless the returned function was called before. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;

/** The page's own timers; tests hand in theirs. */
export const setPageTimer: SetTimer = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
