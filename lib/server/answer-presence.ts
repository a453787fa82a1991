import 'server-only';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { guardOrigin } from './http/guards';
import { toCall } from './http/incoming-call';
import { openPageLine, refuseUpgrade } from './http/page-line';
import type { OpenedLine } from './http/page-watch';
import { isHttpProblem } from './http/problem';
import { getRuntime } from './runtime';
import { pageOf } from './session';

/**
 * GET /api/chat/presence?page=… as a WebSocket: whether the browser of a page is still there (docs/decisions/0226). Nothing is
 * told here and nothing is taken.
 */
export function answerPresence(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { config, pages, log } = getRuntime();
  try {
    const call = toCall(incoming);
    guardOrigin(call, config.rights.publicHosts);
    const page = pageOf(call);
    if (page === null) {
      refuseUpgrade(socket, 400);
      return;
    }
    let opened: OpenedLine | null = null;
    const line = openPageLine(incoming, socket, head, {
      onAnswer: () => opened?.answered(),
      onEnd: () => opened?.ended(),
    });
    if (line === null) return;
    opened = pages.listen(page, line);
    if (opened === null) line.close();
  } catch (error) {
    if (!isHttpProblem(error)) log.error({ err: error }, 'a page could not be listened to');
    refuseUpgrade(socket, isHttpProblem(error) ? error.status : 500);
  }
}
