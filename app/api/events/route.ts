import { readHandler } from '@/lib/server/http/handler';
import { HttpProblem } from '@/lib/server/http/problem';
import { SSE_HEADERS } from '@/lib/server/http/sse';
import { sessionOf } from '@/lib/server/session';

export const dynamic = 'force-dynamic';

export const GET = readHandler((runtime, request) => {
  const body = runtime.hub.connect(request.signal, sessionOf(request));
  if (body === null) {
    throw new HttpProblem(
      503,
      'too-many-streams',
      'Too many live streams are open. The page polls meanwhile.',
    );
  }
  return new Response(body, { headers: SSE_HEADERS });
});
