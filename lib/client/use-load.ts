'use client';

import { useSyncExternalStore } from 'react';
import type { LoadPlan } from '@/lib/domain/load';
import { type LoadView, loadStore, UNKNOWN_LOAD } from './load-store';

/** The plan of the load that this page started and keeps going; `null` without one. Asks nothing of the dashboard. */
export function useOwnLoad(): LoadPlan | null {
  return useSyncExternalStore(
    loadStore.observe,
    () => {
      const { isOwner, state } = loadStore.getView();
      return isOwner ? (state?.plan ?? null) : null;
    },
    () => null,
  );
}

/** The background load, as this page knows it. */
export function useLoad(): LoadView {
  return useSyncExternalStore(loadStore.subscribe, loadStore.getView, () => UNKNOWN_LOAD);
}
