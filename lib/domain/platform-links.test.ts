import { describe, expect, test } from 'vitest';
import { platformLinks } from './platform-links';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, FORBIDDEN } from './testing/build-cluster';
import { buildCondition, buildMeta, buildRoute } from './testing/build-objects';

function screen(name: string, host: string, admitted: 'True' | 'False' = 'True') {
  return buildRoute('baseline', {
    meta: buildMeta({ name }),
    host,
    termination: 'edge',
    ingress: [{ host, admitted: buildCondition('Admitted', admitted) }],
  });
}

const grafana = screen('grafana-route', 'grafana.apps.example.com');
const all = {
  'console-route': [screen('console', 'console.apps.example.com')],
  'argocd-route': [screen('openshift-gitops-server', 'argocd.apps.example.com')],
  routes: [buildRoute('baseline'), grafana],
};

describe('links to the platform’s screens', () => {
  test('lead where the demo is, for the Routes that exist', () => {
    expect(platformLinks(DEFAULT_SETTINGS, buildCluster(all))).toEqual([
      {
        id: 'console',
        label: 'OpenShift console',
        url: 'https://console.apps.example.com/k8s/cluster/projects/private-ai',
      },
      {
        id: 'argocd',
        label: 'Argo CD',
        url: 'https://argocd.apps.example.com/applications/openshift-gitops/step-08-llm-d',
      },
      { id: 'grafana', label: 'Grafana', url: 'https://grafana.apps.example.com/' },
    ]);
    expect(platformLinks(DEFAULT_SETTINGS, buildCluster())).toEqual([]);
  });

  test('are not made of Routes that may not be seen or are not admitted', () => {
    const cluster = buildCluster(
      { ...all, routes: [screen('grafana', 'grafana.apps.example.com', 'False')] },
      { 'console-route': FORBIDDEN, 'argocd-route': { state: 'syncing' } },
    );
    expect(platformLinks(DEFAULT_SETTINGS, cluster)).toEqual([]);
  });

  test.each([
    'example.com/evil',
    'a.example.com@b.example.com',
    'javascript:alert(1)',
    'a b.example.com',
    'x',
  ])('never carry a host such as %s', (host) => {
    const cluster = buildCluster({ 'console-route': [screen('console', host)] });
    expect(platformLinks(DEFAULT_SETTINGS, cluster)).toEqual([]);
  });
});
