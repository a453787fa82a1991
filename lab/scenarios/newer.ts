import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { monitors } from '../world/llm-service/routing.ts';
import { built, condition } from '../world/platform/built.ts';
import { expectAll } from './expect-all.ts';
import { withNewerImages } from './newer-images.ts';
import type { Scenario } from './scenario.ts';
import { type Scene, withChange, withObjects } from './scene.ts';
import { createdAnew, SERVICE } from './service-children.ts';

const VERSION = '3.4.0';
const DEFINITION = 'llminferenceservices.serving.kserve.io';

interface Definition extends KubernetesObject {
  spec: { versions: { name: string; storage: boolean }[] };
}

/** Texts that carry the release, wherever they stand. */
function upgraded(scene: Scene): Scene {
  return scene.map((object) => {
    const text = JSON.stringify(object);
    const isPlatform = [
      'ClusterServiceVersion',
      'DataScienceCluster',
      'DSCInitialization',
      'Subscription',
    ].includes(object.kind);
    if (isPlatform && /rhods-operator|OpenShift AI Self-Managed/.test(text))
      return JSON.parse(text.replaceAll('"3.0.0"', `"${VERSION}"`).replaceAll('.3.0.0"', `.${VERSION}"`));
    return withNewerImages(object);
  });
}

/** Releases from 3.3 on keep a pool of the released API beside the older one. */
function releasedPool(): KubernetesObject {
  const accepted = ['Accepted', 'ResolvedRefs'].map((type) => condition(type, 'True', type));
  return built(
    'inference.networking.k8s.io/v1',
    'InferencePool',
    { namespace: 'private-ai', name: `${SERVICE}-inference-pool`, generation: 1 },
    {
      spec: {
        endpointPickerRef: {
          failureMode: 'FailOpen',
          group: '',
          kind: 'Service',
          name: `${SERVICE}-epp-service`,
          port: { number: 9002 },
        },
        selector: {
          matchLabels: {
            'app.kubernetes.io/name': SERVICE,
            'app.kubernetes.io/part-of': 'llminferenceservice',
            'kserve.io/component': 'workload',
          },
        },
        targetPorts: [{ number: 8000 }],
      },
      status: {
        parents: [
          {
            conditions: accepted,
            controllerName: 'openshift.io/gateway-controller/v1',
            parentRef: {
              group: 'gateway.networking.k8s.io',
              kind: 'Gateway',
              name: 'openshift-ai-inference',
              namespace: 'openshift-ingress',
            },
          },
        ],
      },
    },
  );
}

/** From 3.4 on there are monitors that keep the names beside those that rename them (metrics §6.1). */
function plainMonitors(): KubernetesObject[] {
  return monitors('private-ai').map(({ announced, metadata, fields }) => {
    const text = JSON.stringify(fields, (name, value) => (name === 'metricRelabelings' ? undefined : value));
    return built(
      'monitoring.coreos.com/v1',
      announced.replace('v1.', ''),
      { ...metadata, name: `${metadata.name}-default` },
      JSON.parse(text),
    );
  });
}

export const newer: Scenario = {
  description:
    'A later OpenShift AI (3.4-like): v1alpha2 beside v1alpha1, a newer vLLM and endpoint picker with renamed metrics, InferencePool v1, and authentication on at the Gateway.',
  change: (healthy) => {
    const created = createdAnew(upgraded(healthy), (draft) => {
      const { 'security.opendatahub.io/enable-auth': _, ...annotations } = draft.metadata.annotations ?? {};
      draft.metadata.annotations = annotations;
    });
    const withVersions = withChange<Definition>(created, 'CustomResourceDefinition', DEFINITION, (draft) => {
      const [known] = draft.spec.versions;
      if (known === undefined) return;
      draft.spec.versions = [
        { ...known, name: 'v1alpha2', storage: true },
        { ...known, storage: false },
      ];
    });
    return withObjects(withVersions, [releasedPool(), ...plainMonitors()]);
  },
  settledMs: 20 * 60_000,
  expectations: [
    ...expectAll('warn', null, [
      ['rhoai-platform', 'kubernetes-objects §7.2 B2 (other 3.x)'],
      ['distributed-answers', 'kubernetes-objects §7.3 D5 (401 without a token), §3.8'],
      ['scrape-paths', 'metrics §6.1 (monitors without prefix next to the prefixed ones)'],
    ]),
    ...expectAll('fail', null, [
      ['endpoint-authentication', 'kubernetes-objects §7.2 B19 (authentication on, and no token)'],
    ]),
  ],
};
