import type { ResourceView } from './cluster';
import type { EndpointPath } from './endpoints';
import { enginePods } from './objects/arms';
import type { KubePod } from './objects/core';
import { isPodReady } from './objects/pod-state';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

/** A view of the pods older than this proves nothing about who answers now (contract, `lastKnown`). */
const PROOF_LASTS_MS = 20_000;

/**
 * The one engine pod that the path can lead to: the arm has exactly one, and it is ready. A terminating pod may still be
 * answering, so it counts; where a configured URL leads is not known.
 */
export function solePod(
  { arm, path }: Pick<EndpointPath, 'arm' | 'path'>,
  settings: DemoSettings,
  pods: Pick<ResourceView<KubePod>, 'items' | 'lastProofAt'>,
  now: UnixMs,
): string | null {
  if (path === 'override' || pods.lastProofAt === null || now - pods.lastProofAt > PROOF_LASTS_MS)
    return null;
  const candidates = enginePods(pods.items, arm, settings).filter(
    (pod) => isPodReady(pod) || pod.meta.deletedAt !== null,
  );
  const [only] = candidates;
  return candidates.length === 1 && only !== undefined && isPodReady(only) ? only.meta.name : null;
}
