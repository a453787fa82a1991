'use client';

import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-density'] });
  return () => observer.disconnect();
}

/** The density in effect, for the few places where it changes what is shown and not only its size. */
export function useDensity(): 'stage' | 'desk' {
  return useSyncExternalStore(
    subscribe,
    () => (document.documentElement.dataset.density === 'stage' ? 'stage' : 'desk'),
    () => 'desk',
  );
}
