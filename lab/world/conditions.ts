import type { Condition } from '../kubernetes-api/object.ts';

export interface ConditionChange {
  type: string;
  status: Condition['status'];
  reason?: string;
  message?: string;
}

/** Sets one condition; the transition time moves only with the status, and nothing moves where nothing changed. */
export function setCondition(
  conditions: Condition[],
  change: ConditionChange,
  now: string,
  extra: Partial<Condition> = {},
): Condition[] {
  const current = conditions.find(({ type }) => type === change.type);
  if (
    current !== undefined &&
    current.status === change.status &&
    current.reason === change.reason &&
    current.message === change.message
  ) {
    return conditions;
  }
  const next: Condition = {
    ...extra,
    ...change,
    lastTransitionTime: current?.status === change.status ? (current.lastTransitionTime ?? now) : now,
  };
  return current === undefined
    ? [...conditions, next]
    : conditions.map((item) => (item === current ? next : item));
}
