import { type ProbeAnswer, probeAnswerSchema } from '@/lib/contracts/checklist-probe';
import { problemSchema } from '@/lib/contracts/problem';
import { ownAddress } from './own-address';

const PATIENCE_MS = 10_000;

/** Has every source asked again now; what comes of it comes over the live stream. Throws in the server's own words. */
export async function askProbe(): Promise<ProbeAnswer> {
  const response = await fetch(ownAddress('/api/checklist/probe'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    throw new Error(
      problem.success ? problem.data.error.message : `The dashboard answered ${response.status}.`,
    );
  }
  return probeAnswerSchema.parse(body);
}
