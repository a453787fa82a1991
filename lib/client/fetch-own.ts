import { problemSchema } from '@/lib/contracts/problem';
import type { z } from '@/lib/contracts/zod';
import { ownAddress } from './own-address';

const PATIENCE_MS = 20_000;

/** A document of our own API, checked; refusals throw in the server's own words. */
export async function fetchOwn<T>(path: `/${string}`, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(ownAddress(path), { signal: AbortSignal.timeout(PATIENCE_MS) });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    throw new Error(
      problem.success ? problem.data.error.message : `The dashboard answered ${response.status}.`,
    );
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Error('The dashboard sent an answer this page cannot read.');
  return parsed.data;
}
