'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Last query string of each path of this tab, so that a step away and back finds the scene again. */
const lastSearch = new Map<string, string>();

/** Address of a screen with the scene it was left in. */
export function toSceneHref(pathname: string): string {
  const search = lastSearch.get(pathname) ?? '';
  return search === '' ? pathname : `${pathname}?${search}`;
}

/**
 * The query string, and a way to change it without a request to the server: `replaceState` is what the router of Next.js
 * listens to. Choices replace, they do not pile up in the history.
 */
export function useUrlSearch(): [URLSearchParams, (next: URLSearchParams) => void] {
  const pathname = usePathname();
  const search = useSearchParams();
  const write = useCallback(
    (next: URLSearchParams) => {
      const text = next.toString();
      lastSearch.set(pathname, text);
      window.history.replaceState(null, '', text === '' ? pathname : `${pathname}?${text}`);
    },
    [pathname],
  );
  return [new URLSearchParams(search), write];
}

/** The query string at this instant: keys may come faster than the page renders. */
export function currentSearch(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}

/** Remembers the scene a screen was opened with. */
export function rememberScene(pathname: string, search: string): void {
  lastSearch.set(pathname, search);
}
