'use client';

import useSWR from 'swr';
import { guidellmFilesSchema } from '@/lib/contracts/guidellm';
import type { GuidellmFiles } from '@/lib/domain/guidellm';
import { fetchOwn } from './fetch-own';

/** A benchmark writes its file once, at its end. */
const REFRESH_MS = 60_000;

/** The result files of the configured path; `null` until they are here. */
export function useGuidellm(): { files: GuidellmFiles | null; problem: string | null } {
  const { data, error } = useSWR<GuidellmFiles, Error>(
    '/api/guidellm',
    (path: `/${string}`) => fetchOwn(path, guidellmFilesSchema),
    { revalidateOnFocus: false, refreshInterval: REFRESH_MS },
  );
  return { files: data ?? null, problem: error?.message ?? null };
}
