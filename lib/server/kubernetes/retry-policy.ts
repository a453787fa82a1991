import 'server-only';
import type { BackOff } from './back-off';
import type { KubernetesError } from './errors';

/** How long to wait after a failed request before the next one. */
export function pauseAfter(problem: KubernetesError, backOff: BackOff, recheckMs: number): number {
  switch (problem.kind) {
    case 'forbidden':
    case 'not-installed':
    case 'not-found':
      // A definite answer: asked again now and then, in case a right is granted or an operator installed.
      backOff.reset();
      return recheckMs;
    default:
      return Math.max(backOff.next(), problem.retryAfterMs ?? 0);
  }
}

/** A duration varied by up to a fifth either way, so that requests do not fall into step. */
export function vary(durationMs: number, random: () => number): number {
  return durationMs * (0.8 + 0.4 * random());
}
