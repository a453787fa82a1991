'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { useNow } from '@/lib/client/use-now';
import type { Compare } from '@/lib/domain/compare';
import { ARMS } from '@/lib/domain/vocabulary';

/** So long after its time a scrape is not due: it does not come, or nobody can say. */
const OVERDUE_MS = 15_000;

/** When the engines are read next; `null` where the curves do not move. */
export const ScrapeContext = createContext<Compare['nextScrapeAt'] | null>(null);

/** The nearest coming scrape of either arm. */
export function toNextScrapeMs(scrapes: Compare['nextScrapeAt'] | null): number | null {
  const times = ARMS.flatMap((arm) => {
    const at = scrapes?.[arm].nextAt ?? null;
    return at === null ? [] : [Date.parse(at)];
  });
  return times.length === 0 ? null : Math.min(...times);
}

/** `next scrape in 12 s`: why a load just started is not on the curves yet. */
export function NextScrape({
  after = '',
  otherwise = null,
}: {
  after?: string;
  /** Said where no scrape is known to come. */
  otherwise?: ReactNode;
}): ReactNode {
  const atMs = toNextScrapeMs(useContext(ScrapeContext));
  const seconds = useNow(
    ({ serverMs }) =>
      atMs === null || serverMs - atMs > OVERDUE_MS
        ? null
        : Math.max(0, Math.ceil((atMs - serverMs) / 1_000)),
    null,
  );
  if (seconds === null) return otherwise;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {seconds === 0 ? 'scrape due now' : `next scrape in ${seconds}\u00a0s`}
      {after}
    </span>
  );
}
