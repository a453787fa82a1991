import type { DeletePodRequest } from '@/lib/contracts/delete-pod';
import { problemSchema } from '@/lib/contracts/problem';
import { ownAddress } from './own-address';

export type DeleteOutcome = { state: 'deleted' } | { state: 'refused'; message: string };

/** Asks the dashboard to delete this very pod. The token goes with this one request and is kept nowhere. */
export async function deletePod(
  request: DeletePodRequest,
  controlToken: string | null,
  fetchFrom: typeof fetch = fetch,
): Promise<DeleteOutcome> {
  try {
    const response = await fetchFrom(ownAddress('/api/actions/delete-pod'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(controlToken === null ? {} : { authorization: `Bearer ${controlToken}` }),
      },
      body: JSON.stringify(request),
    });
    if (response.ok) return { state: 'deleted' };
    const body: unknown = await response.json().catch(() => null);
    const problem = problemSchema.safeParse(body);
    return {
      state: 'refused',
      message: problem.success ? problem.data.error.message : `The dashboard answered ${response.status}.`,
    };
  } catch {
    return { state: 'refused', message: 'The dashboard could not be reached.' };
  }
}
