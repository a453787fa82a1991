'use client';

import { useSyncExternalStore } from 'react';
import { type LoadView, loadStore, UNKNOWN_LOAD } from './load-store';

/** The background load, as this page knows it. */
export function useLoad(): LoadView {
  return useSyncExternalStore(loadStore.subscribe, loadStore.getView, () => UNKNOWN_LOAD);
}
