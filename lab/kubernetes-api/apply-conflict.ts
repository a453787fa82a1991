/** 409 of a server-side apply. */
import { type ApiError, failure } from './status.ts';

/** A field that another manager owns; `manager` as it is printed, with the version that an ordinary writer used. */
export interface ApplyConflict {
  manager: string;
  field: string;
}

/** Server-side apply against fields that other managers own: one in a line, several manager by manager. */
export function applyConflict(conflicts: ApplyConflict[]): ApiError {
  const [only, ...others] = conflicts;
  const byManager = Map.groupBy(
    conflicts.toSorted((left, right) => (left.manager < right.manager ? -1 : 1)),
    ({ manager }) => manager,
  );
  const listed = [...byManager].map(([manager, fields]) =>
    [`conflicts with ${manager}:`, ...fields.map(({ field }) => `- ${field}`).sort()].join('\n'),
  );
  const text =
    only !== undefined && others.length === 0
      ? `1 conflict: conflict with ${only.manager}: ${only.field}`
      : `${conflicts.length} conflicts: ${listed.join('\n')}`;
  return failure(409, 'Conflict', `Apply failed with ${text}`, {
    causes: conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field,
    })),
  });
}
