'use client';

import useSWR from 'swr';
import { type ChatLanes, chatLanesSchema } from '@/lib/contracts/chat-lanes';
import { fetchOwn } from './fetch-own';

/** Pods and paths change; what a lane is must not be minutes old when a race starts. */
const REFRESH_MS = 10_000;

/** What each lane is and which ways lead to it, kept fresh; `null` until it is here. */
export function useLaneFacts(): ChatLanes | null {
  const { data } = useSWR<ChatLanes, Error>(
    '/api/chat/lanes',
    () => fetchOwn('/api/chat/lanes', chatLanesSchema),
    { refreshInterval: REFRESH_MS, revalidateOnFocus: false },
  );
  return data ?? null;
}
