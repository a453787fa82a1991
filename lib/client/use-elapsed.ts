'use client';

import { useEffect, useState } from 'react';

/** Fast enough for a running clock with one decimal, slow enough to cost nothing. */
const TICK_MS = 100;

/** Milliseconds since `sinceMs` (performance clock), ten times a second; `null` while there is nothing to count. */
export function useElapsedMs(sinceMs: number | null): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    if (sinceMs === null) return;
    const timer = setInterval(() => setNowMs(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [sinceMs]);
  return sinceMs === null ? null : Math.max(0, (nowMs ?? sinceMs) - sinceMs);
}
