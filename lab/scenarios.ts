import type { KubernetesObject } from './kubernetes-api/object.ts';
import { healthyObjects } from './world/healthy.ts';

/** A named state of the cluster to start from. */
export interface Scenario {
  description: string;
  objects(): KubernetesObject[];
}

export const SCENARIOS = {
  healthy: {
    description:
      'Both arms serve: the INT4 baseline on one GPU node, two llm-d replicas on two others, every gate in order.',
    objects: healthyObjects,
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}
