import { describe, expect, test } from 'vitest';
import { isAllowedHost } from '@/lib/domain/allowed-host';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { type Config, isBoundToLoopback, parseConfig } from '@/lib/server/config';
import { hasKubectl, type Manifest, ofKind, onlyOne, render, valueAt } from '../testing/render';
import { renderWith } from '../testing/render-component';

const OVERLAYS = ['open', 'oauth-proxy', 'rhoai-gateway'] as const;
/** Behind a Route of their own, with a TLS termination each. */
const ROUTED = [
  ['open', 'edge'],
  ['oauth-proxy', 'reencrypt'],
] as const;
/** What the image of an overlay has built in. */
const BASE_PATHS: Record<string, string> = { 'rhoai-gateway': '/llm-d-live' };

interface Container {
  name: string;
  env: { name: string; value: string }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  securityContext: Record<string, unknown>;
  [field: string]: unknown;
}

function podOf(manifests: readonly Manifest[]): {
  containers: Container[];
  volumes: Record<string, unknown>[];
} {
  return valueAt(onlyOne(manifests, 'Deployment'), 'spec', 'template', 'spec') as ReturnType<typeof podOf>;
}

function dashboardOf(manifests: readonly Manifest[]): Container {
  const container = podOf(manifests).containers.find(({ name }) => name === 'dashboard');
  if (container === undefined) throw new Error('there is no container "dashboard"');
  return container;
}

/** The application's own reading of the variables that the Deployment gives it. */
function configOf(manifests: readonly Manifest[]): Config {
  const settings = onlyOne(manifests, 'ConfigMap', 'llm-d-live-settings').data as Record<string, string>;
  const own = Object.fromEntries(dashboardOf(manifests).env.map(({ name, value }) => [name, value]));
  return parseConfig({ ...settings, ...own }, () => 'content');
}

/** The name that browsers use. */
function hostOf(manifests: readonly Manifest[]): string {
  const [route] = ofKind(manifests, 'Route');
  return String(
    route === undefined
      ? valueAt(onlyOne(manifests, 'HTTPRoute'), 'spec', 'hostnames', 0)
      : valueAt(route, 'spec', 'host'),
  );
}

describe.skipIf(!hasKubectl)('the deployed dashboard (needs kubectl)', () => {
  test.each(OVERLAYS)('overlay %s sets variables that the application accepts, the demo’s own', (overlay) => {
    const manifests = render(`dashboard/overlays/${overlay}`);
    const config = configOf(manifests);
    expect(config.settings).toEqual(DEFAULT_SETTINGS);
    expect(config.rights).toEqual({
      allowedActions: [],
      controlToken: null,
      publicHosts: [hostOf(manifests)],
    });
    expect(config.server.port).toBe(3000);
    expect(isBoundToLoopback(config.server.hostname)).toBe(overlay === 'oauth-proxy');
  });

  test.each(OVERLAYS)('overlay %s: probes name a host that the server answers', (overlay) => {
    const container = dashboardOf(render(`dashboard/overlays/${overlay}`));
    for (const kind of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const headers = valueAt(container, kind, 'httpGet', 'httpHeaders') as { name: string; value: string }[];
      expect(headers.map(({ name }) => name)).toEqual(['Host']);
      expect(isAllowedHost(headers[0]?.value, [])).toBe(true);
      const port = valueAt(container, kind, 'httpGet', 'port');
      // Kubelet looks a name up in the ports of the same container.
      if (typeof port === 'string') expect(container.ports?.map(({ name }) => name)).toContain(port);
    }
    const basePath = BASE_PATHS[overlay] ?? '';
    expect(valueAt(container, 'startupProbe', 'httpGet', 'path')).toBe(`${basePath}/api/health`);
    expect(valueAt(container, 'livenessProbe', 'httpGet', 'path')).toBe(`${basePath}/api/health`);
    expect(valueAt(container, 'readinessProbe', 'httpGet', 'path')).toBe(`${basePath}/api/ready`);
  });

  test.each(OVERLAYS)('overlay %s: every container runs as anybody, on a read-only root', (overlay) => {
    const pod = podOf(render(`dashboard/overlays/${overlay}`));
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(valueAt(pod, 'securityContext')).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const writable = pod.containers.flatMap(({ volumeMounts }) =>
      volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath),
    );
    expect(writable).toEqual(['/tmp']);
  });

  test.each(OVERLAYS)('overlay %s: Service, pod and network policy meet', (overlay) => {
    const manifests = render(`dashboard/overlays/${overlay}`);
    const service = onlyOne(manifests, 'Service');
    const policy = onlyOne(manifests, 'NetworkPolicy');
    const labels = valueAt(onlyOne(manifests, 'Deployment'), 'spec', 'template', 'metadata', 'labels');
    for (const selector of [
      valueAt(service, 'spec', 'selector'),
      valueAt(policy, 'spec', 'podSelector', 'matchLabels'),
      valueAt(onlyOne(manifests, 'Deployment'), 'spec', 'selector', 'matchLabels'),
    ]) {
      expect(labels).toMatchObject(selector as Record<string, string>);
    }
    const ports = podOf(manifests).containers.flatMap(({ ports: own }) => own ?? []);
    const [servicePort, ...others] = valueAt(service, 'spec', 'ports') as {
      name: string;
      targetPort: string;
    }[];
    expect(others).toEqual([]);
    expect(ports.map(({ name }) => name)).toEqual([servicePort?.targetPort]);
    expect(valueAt(policy, 'spec', 'ingress', 0, 'ports')).toEqual([{ port: servicePort?.targetPort }]);
  });

  test.each(ROUTED)(
    'overlay %s: its Route leads to the Service, with TLS to stay with (%s)',
    (overlay, termination) => {
      const manifests = render(`dashboard/overlays/${overlay}`);
      const route = onlyOne(manifests, 'Route');
      const service = onlyOne(manifests, 'Service');
      expect(valueAt(route, 'spec', 'to', 'name')).toBe(service.metadata.name);
      expect(valueAt(route, 'spec', 'port', 'targetPort')).toBe(valueAt(service, 'spec', 'ports', 0, 'name'));
      expect(valueAt(route, 'spec', 'tls')).toEqual({
        termination,
        insecureEdgeTerminationPolicy: 'Redirect',
      });
      expect(route.metadata.annotations).toMatchObject({
        'haproxy.router.openshift.io/timeout': '300s',
        'haproxy.router.openshift.io/hsts_header': 'max-age=31536000',
      });
    },
  );

  test('the proxy lets only the probes pass without a login', () => {
    const proxy = podOf(render('dashboard/overlays/oauth-proxy')).containers.find(
      ({ name }) => name === 'oauth-proxy',
    );
    const args = (proxy?.args ?? []) as string[];
    expect(args.filter((argument) => argument.startsWith('--skip-auth'))).toEqual([
      '--skip-auth-regex=^/api/(health|ready)$',
    ]);
  });

  test('behind the platform’s gateway: a route it takes, to the Service by a grant, on the prefix of the image, and no way past it', () => {
    const manifests = render('dashboard/overlays/rhoai-gateway');
    const route = onlyOne(manifests, 'HTTPRoute');
    const service = onlyOne(manifests, 'Service');
    const grant = onlyOne(manifests, 'ReferenceGrant');
    expect(ofKind(manifests, 'Route')).toEqual([]);
    // demo-environment: that gateway accepts routes from openshift-ingress and redhat-ods-applications only.
    expect(route.metadata.namespace).toBe('redhat-ods-applications');
    expect(valueAt(route, 'spec', 'parentRefs', 0)).toMatchObject({
      name: 'data-science-gateway',
      namespace: 'openshift-ingress',
    });
    expect(valueAt(route, 'spec', 'rules')).toEqual([
      {
        matches: [{ path: { type: 'PathPrefix', value: BASE_PATHS['rhoai-gateway'] } }],
        backendRefs: [
          {
            group: '',
            kind: 'Service',
            name: service.metadata.name,
            namespace: service.metadata.namespace,
            port: valueAt(service, 'spec', 'ports', 0, 'port'),
            weight: 1,
          },
        ],
        timeouts: { request: '0s' },
      },
    ]);
    expect(grant.metadata.namespace).toBe(service.metadata.namespace);
    expect(grant.spec).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: route.metadata.namespace }],
      to: [{ group: '', kind: 'Service', name: service.metadata.name }],
    });
    expect(valueAt(onlyOne(manifests, 'NetworkPolicy'), 'spec', 'ingress', 0, 'from')).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-ingress' } },
        podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'data-science-gateway' } },
      },
    ]);
    expect(valueAt(onlyOne(manifests, 'OdhApplication'), 'spec', 'link')).toBe(
      `https://${hostOf(manifests)}${BASE_PATHS['rhoai-gateway']}`,
    );
  });

  test('every volume that is mounted exists, and the other way round', () => {
    for (const components of [
      [],
      ['delete-pod'],
      ['model-token'],
      ['benchmark-results'],
      ['trusted-ca'],
      ['delete-pod', 'model-token', 'benchmark-results', 'trusted-ca'],
    ]) {
      const pod = podOf(
        renderWith(
          'dashboard/base',
          components.map((name) => `dashboard/components/${name}`),
        ),
      );
      const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect([...new Set(mounted)].sort()).toEqual(pod.volumes.map(({ name }) => String(name)).sort());
    }
  });

  test('the files that variables name lie below a mount', () => {
    const container = dashboardOf(
      renderWith('dashboard/base', [
        'dashboard/components/delete-pod',
        'dashboard/components/model-token',
        'dashboard/components/trusted-ca',
      ]),
    );
    const mounts = ['/var/run/secrets/kubernetes.io/serviceaccount'];
    mounts.push(...container.volumeMounts.map(({ mountPath }) => mountPath));
    const files = container.env.filter(({ name }) => name.endsWith('_FILE'));
    expect(files.map(({ name }) => name).sort()).toEqual([
      'CONTROL_TOKEN_FILE',
      'DISTRIBUTED_API_KEY_FILE',
      'MODEL_CA_FILE',
    ]);
    for (const { value } of files) {
      expect(mounts.some((mount) => value.startsWith(`${mount}/`))).toBe(true);
    }
  });

  test('menu entry and tile lead to the Route of the overlay that includes them', () => {
    const manifests = renderWith('dashboard/base', [
      'dashboard/components/console-link',
      'dashboard/components/rhoai-tile',
    ]);
    expect(valueAt(onlyOne(manifests, 'ConsoleLink'), 'spec', 'href')).toBe('https://set-in-parameters.env');
    expect(valueAt(onlyOne(manifests, 'OdhApplication'), 'spec', 'link')).toBe(
      'https://set-in-parameters.env',
    );
    expect(ofKind(manifests, 'PodDisruptionBudget')).toEqual([]);
  });

  test('the budget holds the dashboard’s pod and no other', () => {
    const manifests = renderWith('dashboard/base', ['dashboard/components/hold-during-talk']);
    const budget = onlyOne(manifests, 'PodDisruptionBudget');
    expect(valueAt(budget, 'spec', 'selector')).toEqual(
      valueAt(onlyOne(manifests, 'Deployment'), 'spec', 'selector'),
    );
  });
});
