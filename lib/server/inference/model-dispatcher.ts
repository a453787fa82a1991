import 'server-only';
import { Agent, type Dispatcher } from 'undici';
import type { Outbound } from '@/lib/server/http/outbound';
import type { ReachableEndpoint } from './relay-chat';
import { CaFileUnreadable } from './upstream-failure';

export interface ModelDispatcherOptions {
  outbound: Pick<Outbound, 'dispatcherFor'>;
  /** `MODEL_CA_FILE`. */
  caFile: string | null;
  /** The file cannot be read now. */
  onUnreadable?: ((error: unknown) => void) | undefined;
}

/**
 * The connections to a model endpoint. Without its CA file none is made, and each request fails for that reason: chat, probe
 * and load all say so, and go on by themselves once the file is there again.
 */
export function modelDispatcher(endpoint: ReachableEndpoint, options: ModelDispatcherOptions): Dispatcher {
  try {
    return options.outbound.dispatcherFor({
      url: new URL(endpoint.baseUrl),
      verifyTls: endpoint.verifyTls,
      caFile: options.caFile,
      viaIngress: endpoint.viaIngress,
      isDiscovered: endpoint.path !== 'override',
      // uvicorn, and with it vLLM, closes an idle connection after 5 s; one that is used just then breaks.
      idleConnectionMs: 4_000,
    });
  } catch (error) {
    options.onUnreadable?.(error);
    const reason = new CaFileUnreadable(error);
    return new Agent({ connect: (_target, callback) => callback(reason, null) });
  }
}
