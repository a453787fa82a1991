'use client';

import { usePathname, useSearchParams } from 'next/navigation';

/** Last query string of each path of this tab, so that a step away and back finds the scene again. */
const lastSearch = new Map<string, string>();

/** Address of a screen with the scene it was left in. */
export function toSceneHref(pathname: string): string {
  const search = lastSearch.get(pathname) ?? '';
  return search === '' ? pathname : `${pathname}?${search}`;
}

/** Remembers the scene a screen was opened with. */
export function rememberScene(pathname: string, search: string): void {
  lastSearch.set(pathname, search);
}

/** How a screen's scene is written into the query string; parsing accepts anything. */
export interface SceneCodec<T extends object> {
  parse(search: URLSearchParams): T;
  toSearch(scene: T): URLSearchParams;
}

export interface Scene<T extends object> {
  /** The scene to draw. */
  scene: T;
  /** The scene at this instant: keys may come faster than the page renders. */
  now(): T;
  change(patch: Partial<T>): void;
}

/**
 * What of a screen lives in the URL, so that a reload restores it. Changes replace the address without a request to the
 * server (Next.js follows `replaceState`) and do not pile up in the history.
 */
export function useScene<T extends object>(codec: SceneCodec<T>): Scene<T> {
  const pathname = usePathname();
  const search = useSearchParams();
  const now = (): T => codec.parse(new URLSearchParams(window.location.search));
  return {
    scene: codec.parse(new URLSearchParams(search)),
    now,
    change(patch): void {
      const text = codec.toSearch({ ...now(), ...patch }).toString();
      rememberScene(pathname, text);
      const { pathname: address } = window.location;
      window.history.replaceState(null, '', text === '' ? address : `${address}?${text}`);
    },
  };
}
