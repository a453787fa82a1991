/** Conditions as KServe's controllers derive them: copied from children, aggregated by the first False. */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { setCondition } from './conditions.ts';
import { conditionOf } from './workload-types.ts';

export type State = Pick<Condition, 'status' | 'reason' | 'message'>;

export interface StatusWithConditions {
  conditions?: Condition[];
  observedGeneration?: number;
  [field: string]: unknown;
}

function bare({ status, reason, message }: State): State {
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** A workload's `Available`, as KServe copies it: True bare, anything else with reason and message. */
export function availabilityOf(workload: (KubernetesObject & { status?: unknown }) | undefined): State {
  const available = workload === undefined ? undefined : conditionOf(workload, 'Available');
  if (available === undefined) return { status: 'Unknown', reason: 'Progressing', message: '' };
  return available.status === 'True' ? { status: 'True' } : bare(available);
}

/** The first False decides, with its reason and message; Unknown and missing parts do not count. */
export function aggregate(parts: (State | undefined)[]): State {
  const failed = parts.find((part) => part?.status === 'False');
  return failed === undefined ? { status: 'True' } : bare(failed);
}

/** Sets several conditions, keeping KServe's order by type. */
export function withStates(
  conditions: Condition[],
  states: Record<string, State>,
  informational: ReadonlySet<string>,
  now: string,
): Condition[] {
  return Object.entries(states)
    .reduce(
      (result, [type, state]) =>
        setCondition(result, { type, ...state }, now, informational.has(type) ? { severity: 'Info' } : {}),
      conditions,
    )
    .toSorted((a, b) => a.type.localeCompare(b.type));
}
