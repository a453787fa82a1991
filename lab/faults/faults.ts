/** Faults by name: started and ended by hand, or for a time; some can be aimed at one arm. */
import type { Clock } from '../clock.ts';
import type { Arm } from '../world/arms.ts';
import {
  answer400,
  answer401,
  answer429,
  answer503,
  answerCachedTokens,
  answerEarlyEnd,
  answerEmpty,
  answerError,
  answerMalformed,
  answerMerged,
  answerReset,
  answerSilent,
  answerStall,
  answerWithoutUsage,
  slowEngines,
  slowReplica,
  wrongModel,
} from './answer-faults.ts';
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
import { endpointUnavailable, gatewayFailing, nodeLost, pickerDown, podKilled } from './cluster-faults.ts';
import type { EndFault, Fault, FaultTargets } from './fault.ts';
import {
  prometheusDown,
  prometheusPartial,
  prometheusReset,
  prometheusSlow,
  targetDown,
} from './metrics-faults.ts';

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
  'pod-killed': podKilled,
  'node-lost': nodeLost,
  'gateway-500': gatewayFailing,
  'picker-down': pickerDown,
  'endpoint-503': endpointUnavailable,
  'answer-empty': answerEmpty,
  'answer-silent': answerSilent,
  'answer-reset': answerReset,
  'answer-stall': answerStall,
  'answer-early-end': answerEarlyEnd,
  'answer-malformed': answerMalformed,
  'answer-error': answerError,
  'answer-merged': answerMerged,
  'answer-without-usage': answerWithoutUsage,
  'answer-cached-tokens': answerCachedTokens,
  'answer-400': answer400,
  'answer-401': answer401,
  'answer-429': answer429,
  'answer-503': answer503,
  'wrong-model': wrongModel,
  'slow-engines': slowEngines,
  'slow-replica': slowReplica,
  'prometheus-down': prometheusDown,
  'prometheus-slow': prometheusSlow,
  'prometheus-partial': prometheusPartial,
  'prometheus-reset': prometheusReset,
  'target-down': targetDown,
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

export function isAimable(name: FaultName): boolean {
  const fault: Fault = FAULTS[name];
  return fault.aim !== undefined;
}

/** A fault that acts, and the one arm that it is aimed at. */
export interface ActingFault {
  name: FaultName;
  arm: Arm | null;
}

export interface FaultOptions {
  /** After this it ends by itself. */
  durationMs?: number;
  /** For faults that can be aimed: hits this arm only. */
  arm?: Arm;
}

/** The lab cannot do this. */
export class ImpossibleFault extends Error {}

export interface Faults {
  /** Names of the faults that act right now. */
  active(): FaultName[];
  /** The same with their aims: a fault may act on each arm by itself. */
  acting(): ActingFault[];
  /** Begins a fault; one that acts already with this aim is left as it is. Rejects with `ImpossibleFault`. */
  start(name: FaultName, options?: FaultOptions): Promise<void>;
  /** Ends a fault, all of its aims or one; one that does not act is left alone. */
  end(name: FaultName, arm?: Arm): Promise<void>;
}

function textOf({ name, arm }: ActingFault): string {
  return arm === null ? name : `${name} (${arm})`;
}

export function createFaults(targets: FaultTargets, clock: Clock): Faults {
  const current = new Map<string, ActingFault & { end: EndFault; cancel: () => void }>();

  const endOne = async (key: string): Promise<void> => {
    const fault = current.get(key);
    if (fault === undefined) return;
    current.delete(key);
    fault.cancel();
    await fault.end();
    targets.world.announce('FaultEnded', `The lab ended the fault ${textOf(fault)}`);
  };

  return {
    active: () => [...new Set([...current.values()].map(({ name }) => name))],
    acting: () => [...current.values()].map(({ name, arm }) => ({ name, arm })),
    start: async (name, { durationMs, arm = null } = {}) => {
      const fault: Fault = FAULTS[name];
      if (arm !== null && fault.aim === undefined) {
        throw new ImpossibleFault(`${name} cannot be aimed at an arm`);
      }
      const obstacle = fault.obstacle?.(targets) ?? null;
      if (obstacle !== null) throw new ImpossibleFault(`${name} ${obstacle}`);
      const key = `${name}/${arm}`;
      if (current.has(key)) return;
      const text = textOf({ name, arm });
      targets.world.announce('FaultStarted', `The lab started the fault ${text}: ${fault.description}`);
      const end = await fault.start(targets, arm);
      const cancel = durationMs === undefined ? () => {} : clock.schedule(durationMs, () => void endOne(key));
      current.set(key, { name, arm, end, cancel });
    },
    end: async (name, arm) => {
      for (const [key, fault] of [...current]) {
        if (fault.name === name && (arm === undefined || fault.arm === arm)) await endOne(key);
      }
    },
  };
}
