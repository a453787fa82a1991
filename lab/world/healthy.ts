/** The healthy scene: the fixtures as they are, and the platform around them. */
import { kindOfObject } from '../kubernetes-api/catalogue.ts';
import type { Installer } from '../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ObjectStore } from '../kubernetes-api/store.ts';
import { readFixtures } from './fixtures.ts';
import { dashboardAccess, defaultAccess } from './platform/access.ts';
import { clusterObjects } from './platform/cluster.ts';
import { customResourceDefinitions } from './platform/definitions.ts';
import { nodesWithoutGpu } from './platform/nodes.ts';
import { operators } from './platform/operators.ts';
import { presets } from './platform/presets.ts';
import { platformWorkloads } from './platform/workloads.ts';
import { SCENE_MS, shiftTimes } from './shift-times.ts';

/** Everything but OpenShift Serverless, which OpenShift AI 3.0 does not want. */
const INSTALLED: Installer[] = [
  'openshift',
  'openshift-ai',
  'leader-worker-set-operator',
  'leader-worker-set',
  'kueue',
  'connectivity-link',
  'gpu-operator',
  'node-feature-discovery',
  'cert-manager',
  'gitops',
];

/** Versions of built objects lie below those of the fixtures. */
const FIRST_BUILT_VERSION = 40_000;

function withVersion(object: KubernetesObject, index: number): KubernetesObject {
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(FIRST_BUILT_VERSION + index) },
  };
}

export function healthyObjects(): KubernetesObject[] {
  const built = [
    ...customResourceDefinitions(INSTALLED),
    ...clusterObjects(),
    ...nodesWithoutGpu(),
    ...operators(),
    ...presets(),
    ...platformWorkloads(),
    ...defaultAccess(),
    ...dashboardAccess(),
  ];
  return [...built.map(withVersion), ...readFixtures('healthy')];
}

/** Fills an empty store, with the scene's time moved to now. */
export function loadObjects(store: ObjectStore, objects: KubernetesObject[], nowMs: number): void {
  const bySeconds = Math.round((nowMs - SCENE_MS) / 1000);
  for (const object of objects) store.load(kindOfObject(object), shiftTimes(object, bySeconds));
}
