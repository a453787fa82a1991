import { chatRequestSchema } from '@/lib/contracts/chat';
import { ARMS } from '@/lib/domain/vocabulary';
import { readJsonBody } from '@/lib/server/http/guards';
import { writeHandler } from '@/lib/server/http/handler';
import { parseInput } from '@/lib/server/http/parse';
import { HttpProblem } from '@/lib/server/http/problem';
import { SSE_HEADERS } from '@/lib/server/http/sse';
import { sessionOf } from '@/lib/server/session';

export const dynamic = 'force-dynamic';

export const POST = writeHandler(async (runtime, request) => {
  const chat = parseInput(chatRequestSchema, await readJsonBody(request));
  const arm = ARMS.find((known) => known === chat.arm);
  if (arm === undefined) {
    throw new HttpProblem(
      404,
      'unknown-arm',
      `There is no arm of that name; there are ${ARMS.join(' and ')}.`,
      'arm',
    );
  }
  return new Response(runtime.chat(chat, arm, sessionOf(request), request.signal), { headers: SSE_HEADERS });
});
