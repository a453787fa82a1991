'use client';

import type { ReactNode } from 'react';
import { useUnauthenticated } from '@/lib/client/use-unauthenticated';
import type { Arm } from '@/lib/domain/vocabulary';
import { cn } from './cn';

/** What every endpoint carries that answers without a token. */
export const UNAUTHENTICATED_WORDS = 'unauthenticated · demo only, not production-aligned';

/** Says so beside an arm's endpoint while that arm answers anyone; nothing otherwise. */
export function UnauthenticatedMark({ arm, className }: { arm: Arm; className?: string }): ReactNode {
  const arms = useUnauthenticated();
  if (!arms.includes(arm)) return null;
  return (
    <span data-unauthenticated={arm} className={cn('text-ink-soft text-small', className)}>
      {UNAUTHENTICATED_WORDS}
    </span>
  );
}
