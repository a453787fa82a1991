import 'server-only';
import { request } from 'undici';
import { z } from 'zod';
import { startDeadline } from '@/lib/server/deadline';
import { readLimited } from '@/lib/server/http/read-limited';
import type { ModelsProbeOptions } from './probe-models';

const DEADLINE_MS = 3_000;
const MAX_BODY_BYTES = 16 * 1024;
const MAX_VERSION_CHARACTERS = 64;

const versionSchema = z.object({ version: z.string().min(1) });

/** What `GET /version` of the engine says; `null` where it does not tell. Many proxies let only /v1 through. */
export async function readEngineVersion(options: ModelsProbeOptions): Promise<string | null> {
  const { endpoint, apiKey, clock } = options;
  const deadline = startDeadline(clock, DEADLINE_MS, options.signal);
  try {
    const response = await request(new URL(`${endpoint.baseUrl}/version`), {
      method: 'GET',
      dispatcher: options.dispatcher,
      signal: deadline.signal,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
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
