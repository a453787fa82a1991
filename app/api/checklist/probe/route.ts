import { probeRequestSchema } from '@/lib/contracts/checklist-probe';
import { readJsonBody } from '@/lib/server/http/guards';
import { writeHandler } from '@/lib/server/http/handler';
import { parseInput } from '@/lib/server/http/parse';
import { jsonResponse } from '@/lib/server/http/problem';

export const dynamic = 'force-dynamic';

/** Asks every source again now. It changes nothing, and costs a token of each model at most every few seconds. */
export const POST = writeHandler(async (runtime, request) => {
  parseInput(probeRequestSchema, await readJsonBody(request));
  return jsonResponse(runtime.probeNow());
});
