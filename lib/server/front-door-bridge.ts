import 'server-only';
import { isAllowedHost } from '@/lib/domain/allowed-host';
import type { FrontDoorBridge } from '@/server/process-slot';
import { answerChatDirectly } from './answer-chat';
import type { Runtime } from './runtime';

/** What the front door needs of the application. */
export function frontDoorBridge(runtime: Runtime): FrontDoorBridge {
  return {
    isAllowedHost: (hostHeader) => isAllowedHost(hostHeader, runtime.config.rights.publicHosts),
    answerChat: answerChatDirectly,
    shutdown: (graceMs) => runtime.shutdown(graceMs),
  };
}
