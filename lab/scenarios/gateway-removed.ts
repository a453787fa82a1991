import { withoutGateway } from './gateway.ts';
import type { Scenario } from './scenario.ts';

export const gatewayRemoved: Scenario = {
  description:
    'Somebody deleted the Gateway: engines run and answer through the Route, the router is broken, and creating the Gateway again does not heal the service (3.0).',
  change: withoutGateway,
  settledMs: 10 * 60_000,
  expectations: [
    {
      gate: 'inference-gateway-object',
      status: 'warn',
      fact: 'demo-environment §14 (absent while the Route works), kubernetes-objects §7.1 A5',
    },
    {
      gate: 'distributed-ready',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D1 (workload ready, router not)',
    },
    {
      gate: 'distributed-answers',
      status: 'warn',
      fact: 'demo-environment §14 (Route only: scheduler bypassed)',
    },
  ],
};
