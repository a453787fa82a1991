import { deletePodSchema } from '@/lib/contracts/delete-pod';
import { guardAction } from '@/lib/server/actions/guard-action';
import { readJsonBody } from '@/lib/server/http/guards';
import { writeHandler } from '@/lib/server/http/handler';
import { parseInput } from '@/lib/server/http/parse';
import { jsonResponse } from '@/lib/server/http/problem';

export const dynamic = 'force-dynamic';

export const POST = writeHandler(async (runtime, request) => {
  guardAction('delete-pod', request.headers, runtime.config);
  const wanted = parseInput(deletePodSchema, await readJsonBody(request));
  return jsonResponse(await runtime.deletePod(wanted));
});
