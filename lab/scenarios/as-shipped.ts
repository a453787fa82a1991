import { built } from '../world/platform/built.ts';
import { withoutGateway } from './gateway.ts';
import type { Scenario } from './scenario.ts';
import { withObjects, without } from './scene.ts';
import { createdAnew } from './service-children.ts';

/** The class that OpenShift AI makes for its own dashboards. */
const dashboardClass = built(
  'gateway.networking.k8s.io/v1',
  'GatewayClass',
  { name: 'data-science-gateway-class', creationTimestamp: '2025-12-15T10:46:00Z', generation: 1 },
  { spec: { controllerName: 'openshift.io/gateway-controller/v1' } },
);

const GONE = new Set([
  'GatewayClass/openshift-default',
  'LeaderWorkerSetOperator/cluster',
  'CustomResourceDefinition/leaderworkersets.leaderworkerset.x-k8s.io',
  'Deployment/lws-controller-manager',
]);

export const asShipped: Scenario = {
  description:
    'What the demo repository deploys by itself: no Gateway, the LeaderWorkerSet operator without its workload API; both engines run, reached by Routes.',
  change: (healthy) =>
    withObjects(
      createdAnew(
        without(withoutGateway(healthy), ({ kind, metadata }) => GONE.has(`${kind}/${metadata.name}`)),
      ),
      [dashboardClass],
    ),
  settledMs: 20 * 60_000,
  expectations: [
    {
      gate: 'gatewayclass',
      status: 'warn',
      fact: 'kubernetes-objects §7.1 A4 (not called openshift-default)',
    },
    {
      gate: 'inference-gateway-object',
      status: 'warn',
      fact: 'demo-environment §14 (absent while the Route works), kubernetes-objects §7.1 A5',
    },
    {
      gate: 'leaderworkerset-api',
      status: 'warn',
      fact: 'kubernetes-objects §7.1 A3 (absent, and no spec.worker)',
    },
    { gate: 'distributed-ready', status: 'warn', fact: 'kubernetes-objects §3.5 row 7, §7.3 D1' },
    { gate: 'distributed-scheduler', status: 'fail', fact: 'kubernetes-objects §7.3 D3b (none)' },
    {
      gate: 'distributed-answers',
      status: 'warn',
      fact: 'demo-environment §14 (Route only: scheduler bypassed)',
    },
  ],
};
