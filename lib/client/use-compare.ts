'use client';

import { useEffect } from 'react';
import useSWR from 'swr';
import { type CompareQuery, compareSchema } from '@/lib/contracts/compare';
import { problemSchema } from '@/lib/contracts/problem';
import type { Compare } from '@/lib/domain/compare';
import { useLiveState } from './use-live';

/** When no stream announces new curves (polling mode), ask at the pace of a usual scrape. */
const POLL_INTERVAL_MS = 5_000;

export type CompareView =
  | { state: 'loading' }
  | { state: 'current'; value: Compare }
  /** The last answer, kept because the newest request failed. */
  | { state: 'stale'; value: Compare; problem: string }
  | { state: 'failed'; problem: string };

async function fetchCompare(path: string): Promise<Compare> {
  const response = await fetch(path, { signal: AbortSignal.timeout(20_000) });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    throw new Error(
      problem.success ? problem.data.error.message : `The dashboard answered ${response.status}.`,
    );
  }
  const parsed = compareSchema.safeParse(body);
  if (!parsed.success) throw new Error('The dashboard sent an answer this page cannot read.');
  return parsed.data;
}

/** Both arms' curves for one window and percentile, renewed when the server has new ones. Paused, they stand still. */
export function useCompare(
  query: Pick<CompareQuery, 'window' | 'percentile'>,
  isPaused: boolean,
): CompareView {
  const readyAt = useLiveState((state) => state.compareReadyAt);
  const isPolling = useLiveState((state) => state.phase === 'polling');
  const { data, error, mutate } = useSWR<Compare, Error>(
    `/api/compare?window=${query.window}&percentile=${query.percentile}`,
    fetchCompare,
    {
      keepPreviousData: true,
      revalidateOnFocus: false,
      refreshInterval: isPolling && !isPaused ? POLL_INTERVAL_MS : 0,
      errorRetryInterval: POLL_INTERVAL_MS,
    },
  );

  // The stream is the outside world here: its announcement asks for the new curves.
  useEffect(() => {
    if (readyAt !== null && !isPaused) void mutate();
  }, [readyAt, isPaused, mutate]);

  if (error !== undefined) {
    return data === undefined
      ? { state: 'failed', problem: error.message }
      : { state: 'stale', value: data, problem: error.message };
  }
  return data === undefined ? { state: 'loading' } : { state: 'current', value: data };
}
