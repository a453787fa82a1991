'use client';

import useSWR from 'swr';
import { type Prompts, promptsSchema } from '@/lib/contracts/prompts';
import { fetchOwn } from './fetch-own';

/** The scripted prompts; `null` until they are here. */
export function usePrompts(): { value: Prompts | null; problem: string | null } {
  const { data, error } = useSWR<Prompts, Error>(
    '/api/prompts',
    () => fetchOwn('/api/prompts', promptsSchema),
    { revalidateOnFocus: false },
  );
  const problem = error instanceof TypeError ? 'The dashboard cannot be reached.' : (error?.message ?? null);
  return { value: data ?? null, problem };
}
