/** Pages in the background get no frames; their answers must be taken in all the same. */
const HIDDEN_PAGE_MS = 250;

/** Calls back with the next frame, or soon after where no frame comes. Returns the way to cancel it. */
export function onNextFrame(callback: () => void): () => void {
  let isDone = false;
  const run = (): void => {
    if (isDone) return;
    cancel();
    callback();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_PAGE_MS);
  const cancel = (): void => {
    isDone = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}
