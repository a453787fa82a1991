import 'server-only';
import type { BackOff } from './back-off';
import type { KubernetesError, ProblemKind } from './errors';

/** Answers that say all there is to say until someone changes the cluster or the credentials. */
export function isDefinite({ kind }: { kind: ProblemKind }): boolean {
  return (
    kind === 'forbidden' ||
    kind === 'not-installed' ||
    kind === 'not-found' ||
    kind === 'unauthenticated' ||
    kind === 'not-configured'
  );
}

/** Refusals that may be due to the version asked for; another list without it tells. */
export function isAboutVersion({ kind }: KubernetesError): boolean {
  return kind === 'expired' || kind === 'version-too-large' || kind === 'unexpected';
}

/** How long to wait after a failed request before the next one. */
export function pauseAfter(problem: KubernetesError, backOff: BackOff, recheckMs: number): number {
  switch (problem.kind) {
    case 'forbidden':
    case 'not-installed':
    case 'not-found':
      // Asked again now and then, in case a right is granted or an operator installed.
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
