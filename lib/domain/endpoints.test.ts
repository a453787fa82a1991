import { describe, expect, test } from 'vitest';
import { defaultPath, type EndpointPath, resolveEndpoints } from './endpoints';
import { DEFAULT_SETTINGS, type DemoSettings } from './settings';
import { buildCluster, buildProbe, FORBIDDEN, healthyProbes } from './testing/build-cluster';
import {
  buildCondition,
  buildGateway,
  buildHttpRoute,
  buildInferenceService,
  buildRoute,
} from './testing/build-objects';

const LB = 'a3f1c0de-12.us-east-2.elb.amazonaws.com';
const ROUTE_HOST = 'mistral-3-distributed-private-ai.apps.rhoai-demo.example.com';
const plainGateway = buildGateway();

function distributed(
  items: Parameters<typeof buildCluster>[0] = {},
  probes = healthyProbes(),
  settings: DemoSettings = DEFAULT_SETTINGS,
): EndpointPath[] {
  return resolveEndpoints(settings, buildCluster({ gateway: [plainGateway], ...items }), probes).distributed;
}

function pathOf(paths: readonly EndpointPath[], path: EndpointPath['path']): EndpointPath {
  const found = paths.find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`no path ${path}`);
  return found;
}

describe('the distributed arm', () => {
  test('is reached by Gateway, Route and Service, in that order', () => {
    expect(
      distributed().map(({ path, baseUrl, throughScheduler, verifyTls, viaIngress, usable }) => ({
        path,
        baseUrl,
        throughScheduler,
        verifyTls,
        viaIngress,
        usable,
      })),
    ).toEqual([
      {
        path: 'gateway',
        baseUrl: `http://${LB}/private-ai/mistral-3-distributed`,
        throughScheduler: true,
        verifyTls: true,
        viaIngress: true,
        usable: true,
      },
      {
        path: 'route',
        baseUrl: `https://${ROUTE_HOST}`,
        throughScheduler: false,
        verifyTls: false,
        viaIngress: true,
        usable: true,
      },
      {
        path: 'service',
        baseUrl: 'https://mistral-3-distributed-kserve-workload-svc.private-ai.svc.cluster.local:8000',
        throughScheduler: false,
        verifyTls: false,
        viaIngress: false,
        usable: true,
      },
    ]);
  });

  test.each([
    ['no completion yet', {}, [], 'The Gateway has not yet answered a completion.'],
    [
      'a completion that failed',
      {},
      [
        buildProbe({
          arm: 'distributed',
          path: 'gateway',
          kind: 'completion',
          httpStatus: 500,
          finding: 'It answers 500.',
        }),
      ],
      'The last completion through the Gateway failed: It answers 500.',
    ],
    [
      'references that do not resolve',
      {
        httproutes: [
          buildHttpRoute({
            parents: [
              {
                controllerName: 'c',
                parent: { group: '', kind: 'Gateway', namespace: null, name: 'g' },
                conditions: [
                  buildCondition('Accepted'),
                  buildCondition('ResolvedRefs', 'False', 'BackendNotFound'),
                ],
              },
            ],
          }),
        ],
      },
      healthyProbes(),
      'HTTPRoute mistral-3-distributed-kserve-route has ResolvedRefs=False (BackendNotFound).',
    ],
    [
      'a route nobody looked at',
      { httproutes: [buildHttpRoute({ parents: [] })] },
      healthyProbes(),
      'No gateway controller has looked at HTTPRoute mistral-3-distributed-kserve-route.',
    ],
    [
      'no address',
      { gateway: [buildGateway({ addresses: [] })] },
      healthyProbes(),
      'Gateway openshift-ai-inference has no address yet.',
    ],
    [
      'no Gateway',
      { gateway: [] },
      healthyProbes(),
      'Gateway openshift-ingress/openshift-ai-inference is not there or not readable.',
    ],
    [
      'a metadata address',
      { gateway: [buildGateway({ addresses: ['169.254.169.254'] })] },
      healthyProbes(),
      '169.254.169.254 is a link-local or metadata address.',
    ],
  ] as const)('the Gateway is not used with %s, and says why', (_name, items, probes, finding) => {
    const paths = distributed(items, [...probes]);
    expect(pathOf(paths, 'gateway')).toMatchObject({ usable: false, finding });
    expect(defaultPath(paths)?.path).toBe('route');
  });

  test('a Gateway that has not proved itself still has an address to prove it at', () => {
    expect(pathOf(distributed({}, []), 'gateway').baseUrl).toBe(
      `http://${LB}/private-ai/mistral-3-distributed`,
    );
  });

  test('an HTTPRoute that leads to a Service does not pass the scheduler', () => {
    const rules = buildHttpRoute().rules.map((rule) => ({
      ...rule,
      backends: [{ group: '', kind: 'Service', namespace: null, name: 'svc' }],
    }));
    expect(pathOf(distributed({ httproutes: [buildHttpRoute({ rules })] }), 'gateway').throughScheduler).toBe(
      false,
    );
  });

  test('a path that is not made of names is not used', () => {
    const rules = [{ pathPrefixes: ['/../secrets/v1/chat/completions'], backends: [] }];
    expect(pathOf(distributed({ httproutes: [buildHttpRoute({ rules })] }), 'gateway')).toMatchObject({
      baseUrl: null,
      usable: false,
    });
  });

  test('hosts of listeners and ports other than the standard ones are kept', () => {
    const gateway = buildGateway({
      listeners: [
        { name: 'https', port: 8443, protocol: 'HTTPS', hostname: '*.models.example.com', routesFrom: 'All' },
      ],
    });
    expect(pathOf(distributed({ gateway: [gateway] }), 'gateway').baseUrl).toBe(
      'https://inference.models.example.com:8443/private-ai/mistral-3-distributed',
    );
  });

  test('a Route that no router admits is listed with the reason', () => {
    const route = buildRoute('distributed', {
      ingress: [{ host: ROUTE_HOST, admitted: buildCondition('Admitted', 'False', 'HostAlreadyClaimed') }],
    });
    expect(pathOf(distributed({ routes: [route] }), 'route')).toMatchObject({
      baseUrl: null,
      usable: false,
      finding: 'Route mistral-3-distributed is not admitted (HostAlreadyClaimed).',
    });
  });

  test('without the right to read Services the Route is found by its labels', () => {
    const route = buildRoute('distributed');
    const labelled = {
      ...route,
      meta: { ...route.meta, labels: { 'app.kubernetes.io/name': 'mistral-3-distributed' } },
    };
    const cluster = buildCluster({ routes: [labelled], services: [] }, { services: FORBIDDEN });
    expect(pathOf(resolveEndpoints(DEFAULT_SETTINGS, cluster, []).distributed, 'route').usable).toBe(true);
  });
});

describe('the baseline arm', () => {
  test('is reached by Route and by the container port of its headless Service', () => {
    const paths = resolveEndpoints(DEFAULT_SETTINGS, buildCluster(), []).baseline;
    expect(paths.map(({ path, baseUrl, verifyTls }) => ({ path, baseUrl, verifyTls }))).toEqual([
      {
        path: 'route',
        baseUrl: 'https://mistral-3-int4-private-ai.apps.rhoai-demo.example.com',
        verifyTls: true,
      },
      {
        path: 'service',
        baseUrl: 'http://mistral-3-int4-predictor.private-ai.svc.cluster.local:8080',
        verifyTls: true,
      },
    ]);
  });

  test('answers to the name in its arguments', () => {
    const cluster = buildCluster({
      inferenceservices: [buildInferenceService({ args: ['--served-model-name', 'int4'] })],
    });
    expect(
      resolveEndpoints(DEFAULT_SETTINGS, cluster, []).baseline.map((path) => path.servedModelName),
    ).toEqual(['int4', 'int4']);
  });
});

describe('an override', () => {
  const overridden = (url: string): DemoSettings => ({
    ...DEFAULT_SETTINGS,
    endpointOverride: { baseline: null, distributed: url },
  });

  test('comes first, without /v1', () => {
    expect(distributed({}, [], overridden('https://llm.example.com/v1/'))[0]).toMatchObject({
      path: 'override',
      baseUrl: 'https://llm.example.com',
      throughScheduler: null,
      verifyTls: true,
      usable: true,
    });
  });

  test('of the baseline may lead through a picker as well: nobody knows', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      endpointOverride: { baseline: 'https://llm.example.com', distributed: null },
    };
    const [first] = resolveEndpoints(settings, buildCluster(), []).baseline;
    expect([first?.path, first?.throughScheduler]).toEqual(['override', null]);
  });

  test('that names a discovered address is treated as that', () => {
    expect(distributed({}, [], overridden(`https://${ROUTE_HOST}`))[0]).toMatchObject({
      path: 'override',
      throughScheduler: false,
      verifyTls: false,
      viaIngress: true,
    });
  });
});
