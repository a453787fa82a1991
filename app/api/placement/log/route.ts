import { podLogQuerySchema } from '@/lib/contracts/pod-log';
import { readHandler } from '@/lib/server/http/handler';
import { parseInput, queryObject } from '@/lib/server/http/parse';
import { SSE_HEADERS } from '@/lib/server/http/sse';

export const dynamic = 'force-dynamic';

export const GET = readHandler((runtime, request) => {
  const query = parseInput(podLogQuerySchema, queryObject(request.url));
  return new Response(runtime.podLog(query, request.signal), { headers: SSE_HEADERS });
});
