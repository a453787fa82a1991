import type { ClusterSnapshot, ResourceView } from './cluster';
import { findBaseline, findDistributed } from './demo-demand';
import { findGateway, findHttpRoute, findInferencePool, findRoutes } from './endpoint-objects';
import { enginePods, schedulerPods } from './objects/arms';
import type { KubePod } from './objects/core';
import type { Condition } from './objects/meta';
import { isPodReady, podRestarts } from './objects/pod-state';
import type { DemoSettings } from './settings';
import type { Arm } from './vocabulary';

/**
 * What an arm's answers depend on, as one text: its ready engines, its picker, and the objects on the way to them. Where it changes, an answer from before proves little. `null` while a first answer is on its way.
 */
export function servingSignature(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): string | null {
  const { pods, routes, inferenceservices, llminferenceservices } = cluster.resources;
  const { gateway, httproutes, inferencepools, 'inferencepools-v1': newerPools } = cluster.resources;
  const common = [pods, routes];
  switch (arm) {
    case 'baseline':
      if ([...common, inferenceservices].some(isSyncing)) return null;
      return JSON.stringify([
        findBaseline(settings, cluster)?.meta.generation ?? null,
        servingPods(enginePods(pods.items, arm, settings)),
        routesText(arm, settings, cluster),
      ]);
    case 'distributed': {
      const views = [...common, llminferenceservices, gateway, httproutes, inferencepools, newerPools];
      if (views.some(isSyncing)) return null;
      const pool = findInferencePool(settings, cluster);
      const httpRoute = findHttpRoute(settings, cluster);
      return JSON.stringify([
        findDistributed(settings, cluster)?.meta.generation ?? null,
        servingPods(enginePods(pods.items, arm, settings)),
        servingPods(schedulerPods(pods.items, settings)),
        conditionsText(findGateway(settings, cluster)?.conditions),
        [
          httpRoute?.meta.generation ?? null,
          httpRoute?.parents.map(({ conditions }) => conditionsText(conditions)),
        ],
        [pool?.meta.generation ?? null, pool?.parents.map(({ conditions }) => conditionsText(conditions))],
        routesText(arm, settings, cluster),
      ]);
    }
    default:
      return arm satisfies never;
  }
}

function isSyncing({ state }: ResourceView<unknown>): boolean {
  return state === 'syncing';
}

/** Pods that may answer: the ready ones, and those on their way out until they are gone. */
function servingPods(pods: readonly KubePod[]): string[] {
  return pods
    .filter((pod) => isPodReady(pod) || pod.meta.deletedAt !== null)
    .map((pod) => `${pod.meta.uid} ${isPodReady(pod) ? 'ready' : 'leaving'} ${podRestarts(pod)}`)
    .sort();
}

function routesText(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): unknown {
  return findRoutes(arm, settings, cluster).map(({ meta, ingress }) => [
    meta.name,
    ingress.map(({ host, admitted }) => `${host} ${admitted?.status ?? 'unknown'}`),
  ]);
}

function conditionsText(conditions: readonly Condition[] = []): string {
  return conditions.map(({ type, status }) => `${type}=${status}`).join(' ');
}
