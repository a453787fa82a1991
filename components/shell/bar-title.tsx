'use client';

import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { loadStore } from '@/lib/client/load-store';
import { useOwnLoad } from '@/lib/client/use-load';

/**
 * The title; and while this page keeps a load going, that it does, and its end at one press, on whichever screen the
 * presenter is. On stage the one takes the other's place: nothing in the bar moves.
 */
export function BarTitle(): ReactNode {
  const plan = useOwnLoad();
  return (
    <>
      <p
        className={cn(
          'font-display font-semibold text-body leading-[1.15] stage:text-small',
          plan !== null && 'stage:hidden',
        )}
      >
        Step 08 <span className="stage:sr-only">· </span>
        <span className="whitespace-nowrap stage:block">llm-d live</span>
      </p>
      {plan !== null && (
        <button
          type="button"
          title={`${plan.usersPerArm * plan.arms.length} virtual users are asking; this page keeps them going`}
          onClick={() => void loadStore.stop(null)}
          className="rounded-[0.375rem] border-(length:--stroke) border-ink px-[0.5em] font-semibold text-small leading-[1.15] stage:-mx-[0.9em]"
        >
          <span className="whitespace-nowrap">Load is on</span>
          <span className="stage:hidden">: </span>
          <span className="whitespace-nowrap underline underline-offset-2 stage:block">stop it</span>
        </button>
      )}
    </>
  );
}
