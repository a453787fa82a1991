import 'server-only';
import type { ChatLanes } from '@/lib/contracts/chat-lanes';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { type EndpointPath, servedModelName } from '@/lib/domain/endpoints';
import { toLaneFacts } from '@/lib/domain/lane-facts';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import type { ChatService } from './chat-service';
import type { Config } from './config';
import { contextOf } from './inference/probe-models';
import type { Prober } from './inference/prober';

export interface LanesQuestion {
  config: Pick<Config, 'settings' | 'endpoints'>;
  cluster: ClusterSnapshot;
  paths: Record<Arm, EndpointPath[]>;
  prober: Pick<Prober, 'results' | 'models'>;
  chats: Pick<ChatService, 'limits' | 'relayCost'>;
  now: number;
}

/** What the lanes of the chat are, besides the question, and what a chat may cost. */
export function readLanes({ config, cluster, paths, prober, chats, now }: LanesQuestion): ChatLanes {
  const { settings } = config;
  return {
    observedAt: new Date(now).toISOString(),
    lanes: ARMS.map((arm) => {
      const served = servedModelName(arm, settings, cluster);
      return toLaneFacts({
        arm,
        settings,
        cluster,
        paths: paths[arm],
        probes: prober.results(),
        contextTokens: {
          cluster: contextOf(prober.models(arm, 'cluster'), served),
          configured: contextOf(prober.models(arm, 'configured'), served),
        },
        servedModelName: served,
        sendsKey: config.endpoints.apiKeys[arm] !== null,
        trustsOwnCa: config.endpoints.caFile !== null,
        ingressPorts: new Set(config.endpoints.ingressConnectTo.keys()),
      });
    }),
    limits: chats.limits,
    relay: chats.relayCost(),
  };
}
