/** Faults by name: started and ended by hand, or for a time. */
import type { Clock } from '../clock.ts';
import {
  apiRestart,
  apiStalled,
  authorityRotated,
  definitionDeleted,
  historyCompacted,
  rightsRevoked,
  serverErrors,
  slowList,
  tokenRotated,
  tooManyRequests,
} from './api-faults.ts';
import { endpointUnavailable, gatewayFailing, nodeLost, pickerDown } from './cluster-faults.ts';
import type { Fault, FaultTargets } from './fault.ts';

export const FAULTS = {
  'api-restart': apiRestart,
  'api-stalled': apiStalled,
  'history-compacted': historyCompacted,
  'slow-list': slowList,
  'too-many-requests': tooManyRequests,
  'server-errors': serverErrors,
  'rights-revoked': rightsRevoked,
  'token-rotated': tokenRotated,
  'ca-rotated': authorityRotated,
  'crd-deleted': definitionDeleted,
  'node-lost': nodeLost,
  'gateway-500': gatewayFailing,
  'picker-down': pickerDown,
  'endpoint-503': endpointUnavailable,
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

export interface Faults {
  /** Faults that act right now. */
  active(): FaultName[];
  /** Begins a fault; with a duration it ends by itself. One that acts already is left as it is. */
  start(name: FaultName, durationMs?: number): Promise<void>;
  /** Ends a fault; one that does not act is left alone. */
  end(name: FaultName): Promise<void>;
}

export function createFaults(targets: FaultTargets, clock: Clock): Faults {
  const acting = new Map<FaultName, { end: () => void | Promise<void>; cancel: () => void }>();

  const end = async (name: FaultName): Promise<void> => {
    const fault = acting.get(name);
    if (fault === undefined) return;
    acting.delete(name);
    fault.cancel();
    await fault.end();
    targets.world.announce('FaultEnded', `The lab ended the fault ${name}`);
  };

  return {
    active: () => [...acting.keys()],
    start: async (name, durationMs) => {
      if (acting.has(name)) return;
      const description = FAULTS[name].description;
      targets.world.announce('FaultStarted', `The lab started the fault ${name}: ${description}`);
      const started: Fault = FAULTS[name];
      const over = await started.start(targets);
      const cancel = durationMs === undefined ? () => {} : clock.schedule(durationMs, () => void end(name));
      acting.set(name, { end: over, cancel });
    },
    end,
  };
}
