import 'server-only';
import type { UnixMs } from '@/lib/domain/vocabulary';
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

/** Kept in hand for what an answer still has to go through before it counts as a proof. */
const PROOF_MARGIN_MS = 1_000;
/** At least this much rest lies between two questions, however slow their answers are. */
const SHORTEST_REST_MS = 1_000;

/**
 * How long to wait before the next question for a proof of life: as long as wanted, but no longer than lets its answer,
 * which may take `costMs`, come while the last proof still counts.
 */
export function waitWithinProof(
  wantedMs: number,
  proof: { at: UnixMs | null; now: UnixMs; costMs: number; lastsMs: number },
): number {
  // A proof that is lost already, as after a right was taken away, is no reason to hurry.
  if (proof.at === null || proof.now - proof.at > proof.lastsMs) return wantedMs;
  const latest = proof.at + proof.lastsMs - PROOF_MARGIN_MS - proof.costMs - proof.now;
  return Math.min(wantedMs, Math.max(latest, SHORTEST_REST_MS));
}
