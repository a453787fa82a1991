'use client';

import type { Arm } from '@/lib/domain/vocabulary';
import { useLiveState } from './use-live';

const NONE: readonly Arm[] = [];

/** The arms that answer anyone, as the server sees it now; none while nothing is known. */
export function useUnauthenticated(): readonly Arm[] {
  return useLiveState((state) => state.checklist?.unauthenticated ?? NONE);
}
