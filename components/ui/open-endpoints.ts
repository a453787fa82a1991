import type { Arm } from '@/lib/domain/vocabulary';

/** What every endpoint carries that answers without a token. */
export const UNAUTHENTICATED_WORDS = 'unauthenticated · demo only, not production-aligned';

/** Which endpoints answer anyone, in words; `null` for none. */
export function toOpenEndpoints(arms: readonly Arm[]): string | null {
  const [only] = arms;
  if (only === undefined) return null;
  if (arms.length > 1) return 'Both endpoints';
  return only === 'baseline' ? 'Baseline endpoint' : 'Distributed endpoint';
}
