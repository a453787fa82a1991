import 'server-only';
import { chatRequestSchema } from '@/lib/contracts/chat';
import { ARMS } from '@/lib/domain/vocabulary';
import { readJsonBody } from './http/guards';
import { writeHandler } from './http/handler';
import { parseInput } from './http/parse';
import { HttpProblem } from './http/problem';
import { SSE_HEADERS } from './http/sse';
import { sessionOf } from './session';

/** POST /api/chat: the stream of one answer. The front door calls it past Next.js's router, whose own time would be added to every first token. */
export const answerChat = writeHandler(async (runtime, request) => {
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
