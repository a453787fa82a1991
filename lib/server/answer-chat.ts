import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatRequestSchema } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import { ARMS } from '@/lib/domain/vocabulary';
import { beatOf, type EventFeed } from './http/event-feed';
import { type AskablePage, writeEvents } from './http/event-response';
import { streamEvents } from './http/event-stream';
import { guardWrite, type IncomingCall, readJsonBody } from './http/guards';
import { orProblem, writeHandler } from './http/handler';
import { sendWhole, toCall } from './http/incoming-call';
import { parseInput } from './http/parse';
import { HttpProblem } from './http/problem';
import { SSE_HEADERS } from './http/sse';
import { getRuntime, type Runtime } from './runtime';
import { pageOf, sessionOf } from './session';

async function admitChat(runtime: Runtime, call: IncomingCall): Promise<EventFeed<ChatEvent>> {
  const chat = parseInput(chatRequestSchema, await readJsonBody(call));
  const arm = ARMS.find((known) => known === chat.arm);
  if (arm === undefined) {
    throw new HttpProblem(
      404,
      'unknown-arm',
      `There is no arm of that name; there are ${ARMS.join(' and ')}.`,
      'arm',
    );
  }
  return runtime.chat(chat, arm, sessionOf(call));
}

function askablePage(runtime: Runtime, call: IncomingCall): { page?: AskablePage } {
  const name = pageOf(call);
  if (name === null) return {};
  const beat = beatOf(runtime.config.show.chatReaderSilentSeconds);
  return { page: { watch: (answer) => runtime.pages.watch(name, answer), beat } };
}

/** POST /api/chat in the development server: the stream of one answer. */
export const answerChat = writeHandler(
  async (runtime, request) =>
    new Response(streamEvents(await admitChat(runtime, request), request.signal), { headers: SSE_HEADERS }),
);

/**
 * POST /api/chat in the built server: the same, called by the front door past Next.js's router, whose own time would be
 * added to every first token (docs/decisions/0225).
 */
export async function answerChatDirectly(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const runtime = getRuntime();
  const call = toCall(incoming);
  const admitted = await orProblem(runtime, () => {
    guardWrite(call, runtime.config.rights.publicHosts);
    return admitChat(runtime, call);
  });
  if (admitted instanceof Response) await sendWhole(admitted, response);
  else await writeEvents(admitted, response, { watch: runtime.readers, ...askablePage(runtime, call) });
}
