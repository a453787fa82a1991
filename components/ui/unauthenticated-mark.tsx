'use client';

import type { ReactNode } from 'react';
import { useUnauthenticated } from '@/lib/client/use-unauthenticated';
import type { Arm } from '@/lib/domain/vocabulary';
import { cn } from './cn';
import { toOpenEndpoints, UNAUTHENTICATED_WORDS } from './open-endpoints';

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

/** The same for a screen on which both endpoints stand together: which of them answer anyone. */
export function OpenEndpoints({ className }: { className?: string }): ReactNode {
  const arms = useUnauthenticated();
  const endpoints = toOpenEndpoints(arms);
  if (endpoints === null) return null;
  return (
    <span data-unauthenticated={arms.join(' ')} className={cn('text-ink-soft text-small', className)}>
      {endpoints}: {UNAUTHENTICATED_WORDS}
    </span>
  );
}
