import type { GateExpectation } from './scenario.ts';

/** Gates that all read the same, each with the fact behind it. */
export function expectAll(
  status: GateExpectation['status'],
  reason: GateExpectation['reason'] | null,
  gates: readonly (readonly [gate: string, fact: string])[],
): GateExpectation[] {
  return gates.map(([gate, fact]) => ({
    gate,
    status,
    ...(reason === null || reason === undefined ? {} : { reason }),
    fact,
  }));
}
