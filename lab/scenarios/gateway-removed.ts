import { expectAll } from './expect-all.ts';
import { withoutGateway } from './gateway.ts';
import type { Scenario } from './scenario.ts';

export const gatewayRemoved: Scenario = {
  description:
    'Somebody deleted the Gateway: engines run and answer through the Route, the router is broken, and creating the Gateway again does not heal the service (3.0).',
  change: withoutGateway,
  settledMs: 10 * 60_000,
  expectations: [
    ...expectAll('warn', 'not-created', [
      [
        'inference-gateway-object',
        'demo-environment §14 (absent while the Route works), kubernetes-objects §7.1 A5',
      ],
    ]),
    ...expectAll('not-applicable', 'not-created', [
      ['gateway-auth-policy', 'kubernetes-objects §7.2 B13 (no service has authentication on)'],
    ]),
    ...expectAll('warn', null, [
      ['distributed-ready', 'kubernetes-objects §7.3 D1 (workload ready, router not)'],
      ['distributed-events', 'kubernetes-objects §7.3 D2 (a warning in the last 10 minutes)'],
      ['distributed-answers', 'demo-environment §14 (Route only: scheduler bypassed)'],
    ]),
  ],
};
