'use client';

import { useEffect } from 'react';

/** `lock` is not in TypeScript's DOM library: Chromium only, and only there is Esc ours in full screen. */
interface KeyboardLock {
  lock?(keys: string[]): Promise<void>;
}

/** Enters or leaves full screen. In it, Esc first goes back within the page; held down, it always leaves. */
export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement !== null) {
    await document.exitFullscreen();
    return;
  }
  try {
    await document.documentElement.requestFullscreen();
    const { keyboard } = navigator as Navigator & { keyboard?: KeyboardLock };
    await keyboard?.lock?.(['Escape']);
  } catch {
    // Refused by the browser or its policy: the page stays in its window, which shows by itself.
  }
}

/** Keeps the screen awake while in full screen; the lock is lost whenever the page is hidden, and taken again. */
export function useWakeLock(): void {
  useEffect(() => {
    let sentinel: WakeLockSentinel | null = null;
    const follow = async (): Promise<void> => {
      const isWanted = document.fullscreenElement !== null && document.visibilityState === 'visible';
      if (!isWanted) {
        await sentinel?.release();
        sentinel = null;
      } else if ((sentinel === null || sentinel.released) && 'wakeLock' in navigator) {
        sentinel = await navigator.wakeLock.request('screen');
      }
    };
    // Refusal (battery saver, policy) is the machine's choice; the show goes on without it.
    const onChange = (): void => void follow().catch(() => {});
    document.addEventListener('fullscreenchange', onChange);
    document.addEventListener('visibilitychange', onChange);
    return () => {
      document.removeEventListener('fullscreenchange', onChange);
      document.removeEventListener('visibilitychange', onChange);
      void sentinel?.release();
    };
  }, []);
}
