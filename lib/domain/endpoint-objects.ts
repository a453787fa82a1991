import type { ClusterSnapshot } from './cluster';
import { belongsToInferenceService, belongsToLlmService, isWorkloadObject } from './objects/arms';
import type { KubeService } from './objects/core';
import { findCondition } from './objects/meta';
import type { Gateway, HttpRoute, InferencePool, Route } from './objects/networking';
import type { DemoSettings } from './settings';
import type { Arm } from './vocabulary';

/** The HTTPRoute the controller made for the distributed service. */
export function findHttpRoute(settings: DemoSettings, cluster: ClusterSnapshot): HttpRoute | null {
  return (
    cluster.resources.httproutes.items.find((route) =>
      belongsToLlmService(route.meta, settings.distributedName),
    ) ?? null
  );
}

/** The Gateway of the configuration. */
export function findGateway(settings: DemoSettings, cluster: ClusterSnapshot): Gateway | null {
  const { namespace, name } = settings.gateway;
  return (
    cluster.resources.gateway.items.find(
      (gateway) => gateway.meta.name === name && gateway.meta.namespace === namespace,
    ) ?? null
  );
}

/** The Service in front of an arm's engine pods. */
export function findEngineService(
  arm: Arm,
  settings: DemoSettings,
  cluster: ClusterSnapshot,
): KubeService | null {
  const services = cluster.resources.services.items;
  if (arm === 'distributed') {
    return (
      services.find(
        (service) =>
          belongsToLlmService(service.meta, settings.distributedName) &&
          isWorkloadObject(service.meta) &&
          service.ports.length > 0,
      ) ?? null
    );
  }
  return (
    services.find(
      (service) =>
        belongsToInferenceService(service.meta, settings.baselineName) &&
        service.meta.labels.component === 'predictor' &&
        service.ports.length > 0,
    ) ?? null
  );
}

/** Routes that lead to an arm's engine pods, by the Service they name, else by owner and labels. */
export function findRoutes(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): readonly Route[] {
  const service = findEngineService(arm, settings, cluster);
  const name = arm === 'baseline' ? settings.baselineName : settings.distributedName;
  return cluster.resources.routes.items.filter((route) =>
    service !== null
      ? route.service === service.meta.name
      : belongsToInferenceService(route.meta, name) ||
        route.meta.labels['inferenceservice-name'] === name ||
        route.meta.labels['app.kubernetes.io/name'] === name,
  );
}

/** Accepted and ResolvedRefs of the gateway controllers' entries; Kuadrant's entry carries neither. */
export function httpRouteProblem(route: HttpRoute): string | null {
  const judged = route.parents.filter((parent) => findCondition(parent.conditions, 'Accepted') !== null);
  if (judged.length === 0) return `no gateway controller has looked at HTTPRoute ${route.meta.name}`;
  for (const parent of judged) {
    for (const type of ['Accepted', 'ResolvedRefs']) {
      const condition = findCondition(parent.conditions, type);
      if (condition?.status !== 'True') {
        return `HTTPRoute ${route.meta.name} has ${type}=${condition?.status ?? 'absent'}${
          condition?.reason === undefined || condition.reason === null ? '' : ` (${condition.reason})`
        }`;
      }
    }
  }
  return null;
}

/** Whether chat completions under that route's prefix go to an InferencePool. */
export function routeUsesPool(route: HttpRoute): boolean {
  return completionRule(route)?.backends.some((backend) => backend.kind === 'InferencePool') ?? false;
}

const COMPLETIONS = '/v1/chat/completions';

/** What stands before `/v1/chat/completions` in the route's own rule; `null` without such a rule. */
export function completionPrefix(route: HttpRoute): string | null {
  const prefix = completionRule(route)?.pathPrefixes.find((item) => item.endsWith(COMPLETIONS));
  return prefix === undefined ? null : prefix.slice(0, -COMPLETIONS.length);
}

function completionRule(route: HttpRoute): HttpRoute['rules'][number] | null {
  return route.rules.find((rule) => rule.pathPrefixes.some((prefix) => prefix.endsWith(COMPLETIONS))) ?? null;
}

/** Host of the first ingress that admitted the route. */
export function admittedHost(route: Route): string | null {
  return (
    route.ingress.find((ingress) => ingress.admitted?.status === 'True' && ingress.host !== null)?.host ??
    null
  );
}

/** The service's InferencePool, from whichever group has it. */
export function findInferencePool(settings: DemoSettings, cluster: ClusterSnapshot): InferencePool | null {
  const pools = [...cluster.resources.inferencepools.items, ...cluster.resources['inferencepools-v1'].items];
  return pools.find((pool) => belongsToLlmService(pool.meta, settings.distributedName)) ?? null;
}
