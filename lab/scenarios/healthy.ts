import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';

export const healthy: Scenario = {
  description:
    'Both arms serve: the INT4 baseline on one GPU node, two llm-d replicas on two others, every gate in order.',
  change: (scene) => scene,
  settledMs: 0,
  expectations: [
    ...expectAll('warn', null, [
      [
        'credential-lifetime',
        'platform-pitfalls §9.1 F22 (an opaque token of a login does not tell its 24 hours)',
      ],
      ['inference-gateway-object', 'kubernetes-objects §7.1 A5 (HTTP only, no TLS)'],
      ['distributed-scheduler', 'kubernetes-objects §7.3 D3b (on a GPU node: queued by default)'],
      [
        'stream-timeouts',
        'demo-environment §19 no. 8 (120 s), platform-pitfalls §4.1 (the router ends silence after 30 s)',
      ],
      ['engine-configuration', 'demo-environment §0 no. 5 (the two sides are not the same configuration)'],
    ]),
  ],
};
