'use client';

import type { ReactNode } from 'react';
import { loadStore } from '@/lib/client/load-store';
import { useOwnLoad } from '@/lib/client/use-load';

/** While this page keeps a load going: that it does, and its end at one press, on whichever screen the presenter is. */
export function LoadChip(): ReactNode {
  const plan = useOwnLoad();
  if (plan === null) return null;
  const users = plan.usersPerArm * plan.arms.length;
  return (
    <button
      type="button"
      title={`${users} virtual users are asking; this page keeps them going`}
      onClick={() => void loadStore.stop(null)}
      className="whitespace-nowrap rounded-full border-(length:--stroke) border-ink px-[0.7em] py-[0.1em] font-semibold text-small tabular-nums"
    >
      <span aria-hidden="true">●</span> Stop load<span className="stage:sr-only"> of {users}</span>
    </button>
  );
}
