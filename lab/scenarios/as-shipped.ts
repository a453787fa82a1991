import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { built } from '../world/platform/built.ts';
import { expectAll } from './expect-all.ts';
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

/** A monitor of step 08, wave 10 (demo-environment §11.2). */
function stepMonitor(name: string, component: string, endpoint: Record<string, unknown>): KubernetesObject {
  return built(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    {
      namespace: 'private-ai',
      name,
      creationTimestamp: '2025-12-29T13:52:30Z',
      generation: 1,
      labels: { 'monitoring.opendatahub.io/scrape': 'true' },
    },
    {
      spec: {
        endpoints: [{ interval: '30s', scrapeTimeout: '10s', ...endpoint }],
        namespaceSelector: { matchNames: ['private-ai'] },
        selector: {
          matchLabels: {
            'app.kubernetes.io/component': component,
            'app.kubernetes.io/part-of': 'llminferenceservice',
          },
        },
      },
    },
  );
}

const stepMonitors = [
  stepMonitor('llmd-workload-metrics', 'llminferenceservice-workload', {
    port: 'https',
    scheme: 'https',
    tlsConfig: { insecureSkipVerify: true },
  }),
  stepMonitor('llmd-router-metrics', 'llminferenceservice-router-scheduler', {
    port: 'metrics',
    scheme: 'http',
  }),
];

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
      [dashboardClass, ...stepMonitors],
    ),
  settledMs: 20 * 60_000,
  expectations: [
    ...expectAll('warn', 'not-created', [
      [
        'leaderworkerset-operator',
        'kubernetes-objects §7.1 A3b (operator installed, instance missing; replica mode does not use it)',
      ],
      ['gatewayclass', 'kubernetes-objects §7.1 A4 (not called openshift-default)'],
      [
        'inference-gateway-object',
        'demo-environment §14 (absent while the Route works), kubernetes-objects §7.1 A5',
      ],
    ]),
    ...expectAll('warn', null, [
      ['leaderworkerset-api', 'kubernetes-objects §7.1 A3 (absent, and no spec.worker)'],
    ]),
    ...expectAll('not-applicable', 'not-created', [
      ['gateway-auth-policy', 'kubernetes-objects §7.2 B13 (no service has authentication on)'],
    ]),
    ...expectAll('warn', null, [
      ['distributed-ready', 'kubernetes-objects §3.5 row 7, §7.3 D1'],
      ['distributed-events', 'kubernetes-objects §7.3 D2 (a warning in the last 10 minutes)'],
      ['distributed-answers', 'demo-environment §14 (Route only: scheduler bypassed)'],
    ]),
    ...expectAll('fail', null, [['distributed-scheduler', 'kubernetes-objects §7.3 D3b (none)']]),
    ...expectAll('not-applicable', null, [
      ['single-endpoint-picker', 'kubernetes-objects §3.5 row 7 (no InferencePool yet)'],
    ]),
  ],
};
