import 'server-only';
import { z } from 'zod';
import { startDeadline } from '@/lib/server/deadline';
import { readLimited } from '@/lib/server/http/read-limited';
import { getFromEndpoint } from './get-from-endpoint';
import type { ModelsProbeOptions } from './probe-models';

const DEADLINE_MS = 3_000;
const MAX_BODY_BYTES = 16 * 1024;
const MAX_VERSION_CHARACTERS = 64;

const versionSchema = z.object({ version: z.string().min(1) });

/** What `GET /version` of the engine says; `null` where it does not tell. Many proxies let only /v1 through. */
export async function readEngineVersion(options: ModelsProbeOptions): Promise<string | null> {
  const { endpoint, clock } = options;
  const deadline = startDeadline(clock, DEADLINE_MS, options.signal);
  try {
    const response = await getFromEndpoint(new URL(`${endpoint.baseUrl}/version`), {
      ...options,
      signal: deadline.signal,
    });
    const body = await readLimited(response.body, MAX_BODY_BYTES);
    if (response.statusCode !== 200) return null;
    const told = versionSchema.safeParse(JSON.parse(body));
    return told.success ? told.data.version.slice(0, MAX_VERSION_CHARACTERS) : null;
  } catch {
    return null;
  } finally {
    deadline.clear();
  }
}
