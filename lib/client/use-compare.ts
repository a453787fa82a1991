'use client';

import { useEffect } from 'react';
import useSWR from 'swr';
import { type CompareQuery, compareSchema } from '@/lib/contracts/compare';
import type { Compare } from '@/lib/domain/compare';
import { fetchOwn } from './fetch-own';
import { useLiveState } from './use-live';

/** When no stream announces new curves (polling mode), ask at the pace of a usual scrape. */
const POLL_INTERVAL_MS = 5_000;

export type CompareView =
  | { state: 'loading' }
  | { state: 'current'; value: Compare }
  /** The last answer, kept because the newest request failed. */
  | { state: 'stale'; value: Compare; problem: string }
  | { state: 'failed'; problem: string };

/** Address of one question. */
export function toComparePath(query: CompareQuery): `/${string}` {
  const search = new URLSearchParams({ window: query.window, percentile: String(query.percentile) });
  if (query.end !== null) search.set('end', query.end);
  if (query.breakdown) search.set('breakdown', '1');
  return `/api/compare?${search}`;
}

/** Every answer is news: it was asked for because there is one. SWR would otherwise hash every point of both answers. */
function isSameAnswer(one: Compare | undefined, other: Compare | undefined): boolean {
  return one === other;
}

/**
 * Both arms' curves for one question, renewed when the server has new ones; a window with an end is asked for once, it
 * does not change. `null` asks nothing.
 */
export function useCompare(query: CompareQuery | null): CompareView {
  const readyAt = useLiveState((state) => state.compareReadyAt);
  const isPolling = useLiveState((state) => state.phase === 'polling');
  const isMoving = query !== null && query.end === null;
  const { data, error, mutate } = useSWR<Compare, Error>(
    query === null ? null : toComparePath(query),
    (path: `/${string}`) => fetchOwn(path, compareSchema),
    {
      compare: isSameAnswer,
      keepPreviousData: true,
      revalidateOnFocus: false,
      revalidateIfStale: isMoving,
      refreshInterval: isPolling && isMoving ? POLL_INTERVAL_MS : 0,
      errorRetryInterval: POLL_INTERVAL_MS,
    },
  );

  // The stream is the outside world here: its announcement asks for the new curves.
  useEffect(() => {
    if (readyAt !== null && isMoving) void mutate();
  }, [readyAt, isMoving, mutate]);

  if (error !== undefined) {
    return data === undefined
      ? { state: 'failed', problem: error.message }
      : { state: 'stale', value: data, problem: error.message };
  }
  return data === undefined ? { state: 'loading' } : { state: 'current', value: data };
}
