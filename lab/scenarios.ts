/** The cluster's named states, to start from and to change into while it runs. */
import type { KubernetesObject } from './kubernetes-api/object.ts';
import { asShipped } from './scenarios/as-shipped.ts';
import { bare } from './scenarios/bare.ts';
import { dataParallel } from './scenarios/data-parallel.ts';
import { deploying } from './scenarios/deploying.ts';
import { forbidden } from './scenarios/forbidden.ts';
import { gatewayRemoved } from './scenarios/gateway-removed.ts';
import { healthy } from './scenarios/healthy.ts';
import { kueueGated } from './scenarios/kueue-gated.ts';
import { newer } from './scenarios/newer.ts';
import { noCapacity } from './scenarios/no-capacity.ts';
import { prefillDecode } from './scenarios/prefill-decode.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { settle } from './scenarios/settle.ts';
import { tensorParallel } from './scenarios/tensor-parallel.ts';
import { healthyObjects } from './world/healthy.ts';

export const SCENARIOS = {
  healthy,
  'as-shipped': asShipped,
  'gateway-removed': gatewayRemoved,
  bare,
  'no-capacity': noCapacity,
  'kueue-gated': kueueGated,
  forbidden,
  deploying,
  'data-parallel': dataParallel,
  'prefill-decode': prefillDecode,
  'tensor-parallel': tensorParallel,
  newer,
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** The objects of a scenario, with the consequences that the controllers have drawn. */
export async function sceneOf(name: ScenarioName): Promise<KubernetesObject[]> {
  const from = healthyObjects();
  if (name === 'healthy') return from;
  const { change, settledMs } = SCENARIOS[name];
  return settle(from, change(from), settledMs);
}
