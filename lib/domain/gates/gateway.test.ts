import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../settings';
import { buildCluster, FORBIDDEN, MISSING, NOW } from '../testing/build-cluster';
import {
  buildCondition,
  buildGateway,
  buildGatewayClass,
  buildLlmService,
  buildMeta,
} from '../testing/build-objects';
import { gateOf, judged } from '../testing/judge-gate';

const authOn = () => buildLlmService({ meta: buildMeta({ name: DEFAULT_SETTINGS.distributedName }) });

describe('gatewayclass', () => {
  test.each([
    ['only the dashboard’s class', [buildGatewayClass('data-science-gateway-class')], 'warn', 'not-created'],
    [
      'a class of another controller',
      [buildGatewayClass('istio', { controllerName: 'istio.io/gateway-controller' })],
      'warn',
      'not-created',
    ],
    ['another name', [buildGatewayClass('llmd')], 'warn', null],
    [
      'refused',
      [
        buildGatewayClass('openshift-default', {
          conditions: [buildCondition('Accepted', 'False', 'Invalid')],
        }),
      ],
      'fail',
      null,
    ],
    ['long unaccepted', [buildGatewayClass('openshift-default', { conditions: [] })], 'fail', null],
  ] as const)('%s has its own verdict', (_name, gatewayclasses, status, reason) => {
    expect(gateOf('gatewayclass', { cluster: buildCluster({ gatewayclasses, gateway: [] }) })).toMatchObject({
      status,
      reason,
    });
  });

  test('a class made a minute ago is still coming up', () => {
    const meta = buildMeta({ name: 'openshift-default', createdAt: new Date(NOW - 60_000).toISOString() });
    const cluster = buildCluster({
      gatewayclasses: [
        buildGatewayClass('openshift-default', {
          meta,
          conditions: [buildCondition('Accepted', 'Unknown', 'Pending')],
        }),
      ],
    });
    expect(gateOf('gatewayclass', { cluster })).toMatchObject({ status: 'warn', progressing: true });
  });

  test('the class that the Gateway uses may have any name', () => {
    const cluster = buildCluster({
      gatewayclasses: [buildGatewayClass('llmd')],
      gateway: [buildGateway({ className: 'llmd' })],
    });
    expect(gateOf('gatewayclass', { cluster }).status).toBe('pass');
  });

  test('without the Gateway API: not applicable while unneeded, a failure with authentication on', () => {
    expect(gateOf('gatewayclass', { cluster: buildCluster({}, { gatewayclasses: MISSING }) }).status).toBe(
      'not-applicable',
    );
    const cluster = buildCluster({ llminferenceservices: [authOn()] }, { gatewayclasses: MISSING });
    expect(gateOf('gatewayclass', { cluster })).toMatchObject({ status: 'fail', required: true });
  });
});

describe('inference-gateway-object', () => {
  const gateway = (overrides: Parameters<typeof buildGateway>[0]) =>
    buildCluster({ gateway: [buildGateway(overrides)] });
  const young = buildMeta({
    name: 'openshift-ai-inference',
    namespace: 'openshift-ingress',
    createdAt: new Date(NOW - 60_000).toISOString(),
  });
  const pending = [
    buildCondition('Accepted'),
    buildCondition('Programmed', 'False', 'AddressNotAssigned', 'address pending for hostname'),
  ];

  test('absent: a warning while the Route serves, a failure with gateway refs', () => {
    expect(
      judged(gateOf('inference-gateway-object', { cluster: buildCluster({ gateway: [] }) })),
    ).toMatchObject({
      status: 'warn',
      reason: 'not-created',
      required: false,
    });
    const service = buildLlmService({
      router: {
        hasRoute: true,
        hasScheduler: true,
        hasGateway: true,
        gatewayRefs: [{ namespace: 'openshift-ingress', name: 'openshift-ai-inference' }],
      },
    });
    const cluster = buildCluster({ gateway: [], llminferenceservices: [service] });
    expect(judged(gateOf('inference-gateway-object', { cluster }))).toMatchObject({
      status: 'fail',
      required: true,
    });
  });

  test('the address of a load balancer is shortened in the sentence, and whole in the evidence', () => {
    const address = 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com';
    const gate = gateOf('inference-gateway-object', { cluster: gateway({ addresses: [address] }) });
    expect(gate.finding).toContain('is programmed at a3f1c0de…amazonaws.com with');
    expect(JSON.stringify(gate.evidence)).toContain(address);
    const short = gateOf('inference-gateway-object', { cluster: gateway({ addresses: ['10.0.0.7'] }) });
    expect(short.finding).toContain('is programmed at 10.0.0.7 with');
  });

  test('without an address it says whether MetalLB could give one', () => {
    const cluster = gateway({ addresses: [], conditions: pending });
    expect(gateOf('inference-gateway-object', { cluster }).finding).toContain('MetalLB is not installed');
    const groups = [...cluster.groupVersions.items, 'metallb.io/v1beta1'];
    const withMetalLb = { ...cluster, groupVersions: { ...cluster.groupVersions, items: groups } };
    expect(gateOf('inference-gateway-object', { cluster: withMetalLb }).finding).not.toContain('MetalLB');
  });

  test.each([
    ['plain HTTP only', {}, 'warn', false],
    ['address pending, young', { meta: young, conditions: pending, addresses: [] }, 'warn', true],
    ['address pending, old', { conditions: pending, addresses: [] }, 'fail', false],
    [
      'no controller',
      { conditions: [buildCondition('Programmed', 'Unknown', 'Pending')], addresses: [] },
      'fail',
      false,
    ],
    ['refused', { conditions: [buildCondition('Accepted', 'False', 'Invalid')] }, 'fail', false],
    [
      'no listener for us',
      { listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: null, routesFrom: 'Same' }] },
      'fail',
      false,
    ],
    [
      'wildcard hostname',
      {
        listeners: [
          { name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.apps.example.com', routesFrom: 'All' },
        ],
      },
      'warn',
      false,
    ],
  ] as const)('%s has its own verdict', (_name, overrides, status, progressing) => {
    expect(gateOf('inference-gateway-object', { cluster: gateway(overrides) })).toMatchObject({
      status,
      progressing,
    });
  });

  test('a refused look names the namespace of the missing right', () => {
    expect(
      gateOf('inference-gateway-object', { cluster: buildCluster({}, { gateway: FORBIDDEN }) }).missingRight,
    ).toEqual({
      verb: 'list',
      group: 'gateway.networking.k8s.io',
      resource: 'gateways',
      namespace: 'openshift-ingress',
    });
  });
});
