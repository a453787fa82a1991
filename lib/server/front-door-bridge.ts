import 'server-only';
import { isAllowedHost } from '@/lib/domain/allowed-host';
import type { FrontDoorBridge } from '@/server/process-slot';
import { answerChatDirectly } from './answer-chat';
import { answerPresence } from './answer-presence';
import type { Runtime } from './runtime';

/** What the front door needs of the application. */
export function frontDoorBridge(runtime: Runtime): FrontDoorBridge {
  const { port, hostname } = runtime.config.server;
  return {
    listen: { port, hostname },
    isAllowedHost: (hostHeader) => isAllowedHost(hostHeader, runtime.config.rights.publicHosts),
    answerChat: answerChatDirectly,
    answerPresence,
    shutdown: (graceMs) => runtime.shutdown(graceMs),
  };
}
