/** Work in parts: between two of them whoever does it may do other things. What it reads must be a snapshot. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All parts at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
