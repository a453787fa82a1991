/** The healthy scene: the fixtures as they are, and the platform around them. */
import { kindOf, kindOfObject } from '../kubernetes-api/catalogue.ts';
import { apiVersionOf, type Installer } from '../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ObjectStore } from '../kubernetes-api/store.ts';
import { readFixtures } from './fixtures.ts';
import { schedulerAccess } from './llm-service/routing.ts';
import type { LlmInferenceService } from './llm-service/types.ts';
import { dashboardAccess, defaultAccess } from './platform/access.ts';
import { built } from './platform/built.ts';
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

/** Rights of the endpoint pickers, which the fixtures lack. */
function pickerAccess(fixtures: KubernetesObject[]): KubernetesObject[] {
  return fixtures
    .filter((object): object is LlmInferenceService => object.kind === 'LLMInferenceService')
    .flatMap((service) =>
      schedulerAccess(service).map(({ kind, metadata, fields }) => {
        const row = kindOf(kind);
        const { creationTimestamp = null } = service.metadata;
        return built(apiVersionOf(row), row.kind, { ...metadata, creationTimestamp }, fields);
      }),
    );
}

export function healthyObjects(): KubernetesObject[] {
  const fixtures = readFixtures('healthy');
  const built = [
    ...customResourceDefinitions(INSTALLED),
    ...clusterObjects(),
    ...nodesWithoutGpu(),
    ...operators(),
    ...presets(),
    ...platformWorkloads(),
    ...defaultAccess(),
    ...dashboardAccess(),
    ...pickerAccess(fixtures),
  ];
  return [...built.map(withVersion), ...fixtures];
}

/** Fills an empty store, with the scene's time moved to now. */
export function loadObjects(store: ObjectStore, objects: KubernetesObject[], nowMs: number): void {
  const bySeconds = Math.round((nowMs - SCENE_MS) / 1000);
  for (const object of objects) store.load(kindOfObject(object), shiftTimes(object, bySeconds));
}
