import type { AccessFacts } from './access-facts';
import type { ClusterSnapshot } from './cluster';
import { findBaseline, findDistributed, wantsAuthentication } from './demo-demand';
import type { ProbeResult } from './probe';
import { answeredWell, isFresh, newestPerPath } from './probe-choice';
import type { DemoSettings } from './settings';
import { ARMS, type Arm, type UnixMs } from './vocabulary';

export interface AuthenticationSight {
  settings: DemoSettings;
  cluster: ClusterSnapshot;
  probes: readonly ProbeResult[];
  access: AccessFacts;
  now: UnixMs;
}

/**
 * The arms that answer anyone: declared so, or shown by a request that carried no token. An InferenceService
 * is guarded only on request, an LLMInferenceService unless it says otherwise (kubernetes-objects §1.4).
 */
export function unauthenticatedArms(sight: AuthenticationSight): Arm[] {
  return ARMS.filter((arm) => declaresNone(arm, sight) || answersWithoutToken(arm, sight));
}

/** What each arm's annotation says about authentication; `null` for an arm that is not there. */
export function declaredAuthentication(
  arm: Arm,
  { settings, cluster }: Pick<AuthenticationSight, 'settings' | 'cluster'>,
): boolean | null {
  if (arm === 'distributed') {
    const service = findDistributed(settings, cluster);
    return service === null ? null : wantsAuthentication(service);
  }
  const service = findBaseline(settings, cluster);
  return service === null ? null : service.meta.annotations['security.opendatahub.io/enable-auth'] === 'true';
}

function declaresNone(arm: Arm, sight: AuthenticationSight): boolean {
  return declaredAuthentication(arm, sight) === false;
}

function answersWithoutToken(arm: Arm, { probes, access, now }: AuthenticationSight): boolean {
  return (
    !access.sendsToken[arm] &&
    newestPerPath(probes, arm).some((probe) => isFresh(probe, now) && answeredWell(probe))
  );
}
