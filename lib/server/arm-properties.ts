import 'server-only';
import { baseModelOf } from '@/lib/domain/base-model';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { defaultPath, type EndpointPath, servedModelName } from '@/lib/domain/endpoints';
import { enginePods, roleOf } from '@/lib/domain/objects/arms';
import type { KubePod } from '@/lib/domain/objects/core';
import { isReadable, knownPods } from '@/lib/domain/readable';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { contextOf, type ServedModel } from '@/lib/server/inference/probe-models';
import type { PodRoles } from '@/lib/server/prometheus/read-breakdown';
import type { ArmProperties } from '@/lib/server/prometheus/read-conditions';

/**
 * What shapes an arm's results besides load, from its objects and the /v1/models of what they lead to; named in `notEqual` where
 * arms differ. The results are those of the cluster's pods: a configured URL that leads elsewhere says nothing of them.
 */
export function armProperties(
  arm: Arm,
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  paths: readonly EndpointPath[],
  models: readonly ServedModel[],
): ArmProperties {
  const { pods: own, 'pods-all': all } = cluster.resources;
  const areSeen = isReadable(own) || isReadable(all);
  const pods = enginePods(knownPods(settings, cluster).pods, arm, settings);
  const gpus = pods.reduce(
    (sum, pod) =>
      sum +
      pod.containers.reduce(
        (podSum, { gpus: amounts }) => podSum + Object.values(amounts).reduce((one, other) => one + other, 0),
        0,
      ),
    0,
  );
  const images = new Set(
    pods.flatMap(({ containers }) =>
      containers.flatMap(({ gpus: amounts, image }) =>
        Object.keys(amounts).length > 0 && image !== null ? [image] : [],
      ),
    ),
  );
  const contextTokens = contextOf(models, servedModelName(arm, settings, cluster));
  const used = defaultPath(paths);
  const discovered = paths.find(({ path, baseUrl }) => path !== 'override' && baseUrl === used?.baseUrl);
  return {
    baseModel: baseModelOf(modelUri(arm, settings, cluster)),
    properties: {
      GPUs: areSeen ? String(gpus) : null,
      'Engine pods': areSeen ? String(pods.length) : null,
      Path: discovered?.path ?? null,
      'Context length': contextTokens === null ? null : String(contextTokens),
      'Engine image': images.size === 0 ? null : [...images].sort().join(', '),
    },
  };
}

/** The role of each engine pod, for the rows by role. */
export function engineRoles(pods: readonly KubePod[], settings: DemoSettings): PodRoles {
  return new Map(
    ARMS.flatMap((arm) =>
      enginePods(pods, arm, settings).map((pod) => [pod.meta.name, roleOf(pod, arm)] as const),
    ),
  );
}

function modelUri(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): string | null {
  switch (arm) {
    case 'baseline':
      return (
        cluster.resources.inferenceservices.items.find(({ meta }) => meta.name === settings.baselineName)
          ?.modelUri ?? null
      );
    case 'distributed':
      return (
        cluster.resources.llminferenceservices.items.find(
          ({ meta }) => meta.name === settings.distributedName,
        )?.model.uri ?? null
      );
  }
}
