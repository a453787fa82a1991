/** What every Kubernetes object carries, reduced to the fields the product reads. `null` = absent on the wire. */

export interface OwnerReference {
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace: string | null;
  uid: string;
  /** ISO 8601. */
  createdAt: string | null;
  /** Set while the object is being deleted. */
  deletedAt: string | null;
  generation: number | null;
  labels: Readonly<Record<string, string>>;
  /** Only the annotations the product reads (never last-applied). */
  annotations: Readonly<Record<string, string>>;
  owners: readonly OwnerReference[];
}

export type ConditionStatus = 'True' | 'False' | 'Unknown';

export interface Condition {
  type: string;
  status: ConditionStatus;
  reason: string | null;
  message: string | null;
  /** ISO 8601. */
  changedAt: string | null;
}

/** A condition by its type; `null` when the controller has not written it. */
export function findCondition(conditions: readonly Condition[], type: string): Condition | null {
  return conditions.find((condition) => condition.type === type) ?? null;
}
